import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  createScheduler,
  linear,
  parsePlan,
  piecewiseConstant,
  planResume,
  planToJSON,
  reduceOnPlateau,
  repeat,
  sequence,
  stepDecay,
  warmup,
  type Plan,
  type PlannedResume,
  type ResumeOptions,
  type Schedule,
  type Scheduler,
} from '../index.ts';

const short = cosineDecay({ initValue: 0.1, decaySteps: 1000 });
const long = cosineDecay({ initValue: 0.1, decaySteps: 2000 });

const resumed = (
  plan: Schedule | Plan,
  step: number,
  next: Schedule | Plan,
  options: ResumeOptions = {},
): PlannedResume => planResume(createScheduler(plan, { startStep: step }).state(), next, options);

/** The scheduler that goes on with a planned resume, through JSON as a second process would. */
function goOn(planned: PlannedResume, from: Scheduler): Scheduler {
  const scheduler = createScheduler(parsePlan(JSON.parse(JSON.stringify(planToJSON(planned.plan)))));
  scheduler.restore(from.state(), { onPlanChange: 'takeNew' });
  return scheduler;
}

test('the rates before and after are told, and a small change is let pass', () => {
  const planned = resumed(short, 100, cosineDecay({ initValue: 0.1, decaySteps: 1100 }));
  expect(planned).toMatchObject({ step: 100, before: { learningRate: short(100) } });
  expect(planned.after.learningRate).toBeCloseTo(0.0979746, 6);
  expect(planned.jumps['learningRate']).toBeCloseTo(0.0979746 / short(100) - 1, 4);
  expect(planned.plan.learningRate).not.toBe(short);
});

test('a jump over a tenth is refused with both rates, unless maxJump is larger', () => {
  expect(() => resumed(short, 800, long)).toThrow(
    `planResume: learningRate would jump from ${short(800)} to ${long(800)} at step 800; choose onJump "stretch", "keep" or "rewarm"`,
  );
  expect(resumed(short, 800, long, { maxJump: Infinity }).plan.learningRate).toBe(long);
});

describe('a jump can be', () => {
  const from = createScheduler(short, { startStep: 800 });

  test('stretched: the new schedule is entered at the rate in force and ends with the run', () => {
    const scheduler = goOn(resumed(short, 800, long, { onJump: 'stretch', totalSteps: 2000 }), from);
    const rates = [800, 1400, 2000, 3000].map((step) => scheduler.values(step).learningRate);
    // Cosine has short(800) at 4/5 of its way: the last fifth, 400 steps of it, takes the 1200 steps that are left.
    expect(rates[0]).toBeCloseTo(short(800), 12);
    expect(rates[1]).toBeCloseTo(long(1800), 12);
    expect(rates.slice(2)).toEqual([0, 0]);
  });

  test('kept: the new schedule goes on from the rate in force, in proportion', () => {
    const scheduler = goOn(resumed(short, 800, long, { onJump: 'keep' }), from);
    expect(scheduler.values(800).learningRate).toBeCloseTo(short(800), 15);
    expect(scheduler.values(1500).learningRate).toBeCloseTo((long(1500) * short(800)) / long(800), 15);
  });

  test('re-warmed: in a straight line to the new schedule, up or down', () => {
    const up = goOn(resumed(short, 800, long, { onJump: 'rewarm', rewarmSteps: 100 }), from);
    expect(up.values(800).learningRate).toBeCloseTo(short(800), 15);
    expect(up.values(850).learningRate).toBeCloseTo((long(850) * (1 + short(800) / long(800))) / 2, 15);
    expect([900, 1500].map((step) => up.values(step).learningRate)).toEqual([long(900), long(1500)]);
    const down = goOn(
      resumed(long, 800, short, { onJump: 'rewarm', rewarmSteps: 100 }),
      createScheduler(long, { startStep: 800 }),
    );
    expect(down.values(800).learningRate).toBeCloseTo(long(800), 15);
    expect(down.values(950).learningRate).toBe(short(950));
  });

  test.each<[string, Schedule, readonly (readonly [step: number, rate: number])[]]>([
    // Entered at the drop from 0.1 to 0.01 at step 50: the piece before it is 50 of 200 steps, now 35 of 140.
    [
      'a staircase',
      stepDecay({ initValue: 0.1, dropFactor: 0.1, dropSteps: 50 }),
      [
        [60, 0.03],
        [94, 0.03],
        [95, 0.01],
        [130, 0.001],
        [199, 1e-4],
      ],
    ],
    // The drop from 0.05 to 0.025 at step 100, its piece 50 of the 150 steps from step 50 on.
    [
      'the nearest piece of several',
      stepDecay({ initValue: 0.1, dropFactor: 0.5, dropSteps: 50 }),
      [
        [60, 0.03],
        [106, 0.03],
        [107, 0.025],
        [154, 0.0125],
      ],
    ],
    // A part that begins below the rate.
    [
      'a sequence',
      sequence({ schedules: [0.1, linear({ initValue: 0.02, decaySteps: 100 })], boundaries: [100] }),
      [
        [60, 0.03],
        [129, 0.03],
        [130, 0.02],
        [165, 0.01],
        [200, 0],
      ],
    ],
    // The warm-up goes through the rate as well, but the peak would come again.
    [
      'drops after a warm-up',
      warmup({
        warmupSteps: 10,
        startFactor: 0,
        schedule: piecewiseConstant({ boundaries: [90], values: [0.1, 0.001] }),
      }),
      [
        [60, 0.03],
        [100, 0.03],
        [199, 0.001],
      ],
    ],
    // From the second cycle, at 0.03 seven tenths of the way down; the restart at 100 is passed over.
    [
      'restarts',
      repeat({ schedule: linear({ initValue: 0.1, decaySteps: 100 }), cycleSteps: 100 }),
      [
        [60, 0.03],
        [130, 0.015],
        [200, 0.1],
      ],
    ],
  ])('stretched where the schedule jumps past the rate: %s', (_, next, expected) => {
    const planned = planResume(createScheduler(0.03, { startStep: 60 }).state(), next, {
      onJump: 'stretch',
      totalSteps: 200,
    });
    const resumedAt = goOn(planned, createScheduler(0.03, { startStep: 60 }));
    for (const [step, rate] of expected) expect(resumedAt.values(step).learningRate, `${step}`).toBeCloseTo(rate, 12);
  });

  test('stretched by a schedule that repeats so often that every place looked at is one of its cycle', () => {
    const next = repeat({ schedule: linear({ initValue: 0.1, decaySteps: 2 ** 7 }), cycleSteps: 2 ** 7 });
    const planned = planResume(createScheduler(0.03, { startStep: 60 }).state(), next, {
      onJump: 'stretch',
      totalSteps: 2 ** 24,
    });
    expect(createScheduler(planned.plan).values(60).learningRate).toBeCloseTo(0.03, 10);
  });

  test('re-warmed from and to 0', () => {
    const ended = createScheduler(short, { startStep: 1000 });
    const up = goOn(resumed(short, 1000, long, { onJump: 'rewarm', rewarmSteps: 10 }), ended);
    expect([1000, 1005, 1010].map((step) => up.values(step).learningRate)).toEqual([0, long(1005) / 2, long(1010)]);
    const down = resumed(long, 1000, short, { onJump: 'rewarm', rewarmSteps: 10 });
    const rates = [1000, 1005, 1010].map((step) => goOn(down, ended).values(step).learningRate);
    expect(rates).toEqual([long(1000), long(1000) / 2, 0]);
  });

  test.each<[number, Schedule, ResumeOptions, string]>([
    [
      1000,
      long,
      { onJump: 'keep' },
      'onJump must be "stretch" or "rewarm" where learningRate goes from or to 0; received "keep"',
    ],
    [
      1000,
      long,
      { onJump: 'stretch', totalSteps: 2000 },
      'onJump must be "rewarm", since learningRate never goes through 0 before step 2000; received "stretch"',
    ],
    [
      1000,
      long,
      { totalSteps: 2000 },
      `learningRate would jump from 0 to ${long(1000)} at step 1000; choose onJump "rewarm"`,
    ],
    [
      1000,
      long,
      { onJump: 'keep', totalSteps: 2000 },
      'onJump must be "rewarm" where learningRate goes from or to 0; received "keep"',
    ],
    [
      800,
      () => 0.2,
      { onJump: 'stretch', totalSteps: 2000 },
      `onJump must be "keep" or "rewarm", since learningRate never goes through ${short(800)} before step 2000; received "stretch"`,
    ],
    [800, long, { onJump: 'stretch' }, 'totalSteps must be a number > 800, the step of the resume; received 0'],
    [800, long, { onJump: 'rewarm' }, 'rewarmSteps must be a number > 0; received 0'],
    [
      800,
      long,
      { onJump: 'jump' as 'keep' },
      'onJump must be one of "refuse", "stretch", "keep", "rewarm"; received "jump"',
    ],
    [800, long, { maxJump: -1 }, 'maxJump must be a number >= 0; received -1'],
  ])('only as far as it can: %#', (step, next, options, message) => {
    expect(() => resumed(short, step, next, options)).toThrow(`planResume: ${message}`);
  });
});

test('controllers keep their part: the rate in force is what they left of it', () => {
  const controllers = { plateau: { use: reduceOnPlateau({ patience: 0, reduceFactor: 0.5 }) } };
  const old: Plan = { learningRate: { schedule: 0.1, controllers }, momentum: 0.9 };
  const scheduler = createScheduler(old);
  for (let i = 0; i < 3; i += 1) {
    scheduler.advance();
    scheduler.report({ loss: 1 });
  }
  const next: Plan = {
    learningRate: { schedule: linear({ initValue: 0.4, decaySteps: 100 }), controllers },
    momentum: 0.5,
  };
  const planned = planResume(scheduler.state(), next, { onJump: 'rewarm', rewarmSteps: 4 });
  expect(planned.before).toEqual({ learningRate: 0.025, momentum: 0.9 });
  expect(planned.after).toEqual({ learningRate: 0.25 * 0.4 * 0.97, momentum: 0.5 });
  const onward = goOn(planned, scheduler);
  expect(onward.values(3).learningRate).toBeCloseTo(0.025, 15);
  expect(onward.values(7).learningRate).toBeCloseTo(0.25 * 0.4 * 0.93, 15);
});

test('groups are led each on their own clock, and a new one is nobody’s jump', () => {
  const plan = (rate: Schedule, more: Plan['groups'] = {}): Plan => ({
    learningRate: 0.1,
    groups: { head: { from: 100, learningRate: rate }, ...more },
  });
  const fall = (decaySteps: number): Schedule =>
    warmup({ warmupSteps: 10, schedule: linear({ initValue: 1, decaySteps }) });
  const old = createScheduler(plan(fall(200)), { startStep: 250 });
  const next = plan(fall(400), { tail: { learningRate: 5 } });
  const planned = planResume(old.state(), next, { onJump: 'stretch', totalSteps: 510 });
  expect(Object.keys(planned.jumps)).toEqual(['learningRate', 'groups/head/learningRate']);
  const onward = goOn(planned, old);
  expect(onward.values(250).groups!['head']!.learningRate).toBeCloseTo(old.values().groups!['head']!.learningRate, 12);
  expect(onward.values(510).groups!['head']!.learningRate).toBeCloseTo(0, 12);
});

test('a state without the values in force says too little', () => {
  const { values: _, ...state } = createScheduler(short).state();
  expect(() => planResume(state as ReturnType<Scheduler['state']>, long)).toThrow(
    'state must be a state with the values in force',
  );
});
