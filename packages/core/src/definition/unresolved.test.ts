import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caught } from '../../test/caught.ts';
import { create, kindOf, optionsOf, type AnyDefinition, type Options } from '../../test/optionArbitraries.ts';
import {
  controllerDefinitions,
  cosineDecay,
  createScheduler,
  isUnresolved,
  layerwiseDecay,
  linear,
  lint,
  multiStepDecay,
  needsHorizon,
  parsePlan,
  perEpoch,
  planResume,
  planToJSON,
  reduceOnPlateau,
  scale,
  scheduleDefinitions,
  sequence,
  spikeGuard,
  toPlan,
  toSpec,
  warmup,
  type Kind,
  type PlanLike,
  type RunLength,
  type Unresolved,
} from '../index.ts';

const run = { totalSteps: 1000, stepsPerEpoch: 50 };
const late = warmup({ warmupSteps: '5ep', schedule: cosineDecay({ initValue: 0.1, decaySteps: '75%' }) });
const early = warmup({ warmupSteps: 250, schedule: cosineDecay({ initValue: 0.1, decaySteps: 750 }) });

/** A written value with every duration as a share of 100 steps, and the same with the number that it comes to. */
function asShare(kind: Kind, value: unknown): readonly [late: unknown, early: unknown] {
  if (Array.isArray(value) && kind.element !== undefined) {
    const pairs = value.map((item) => asShare(kind.element!, item));
    return [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  }
  if (kind.duration !== true || (value as number) < 0) return [value, value];
  const digits = (value as number).toFixed(3);
  return [`${digits}%`, (Number(digits) * 100) / 100];
}

const shares = (definition: AnyDefinition, options: Options): readonly [Options, Options] => {
  const pairs = Object.entries(options).map(([key, value]) => {
    return [key, asShare(kindOf(definition.params[key]!), value)] as const;
  });
  return [
    Object.fromEntries(pairs.map(([key, [one]]) => [key, one])),
    Object.fromEntries(pairs.map(([key, [, other]]) => [key, other])),
  ];
};

const timed = [...scheduleDefinitions, ...controllerDefinitions].filter(({ params }) =>
  Object.values(params).some((param) => kindOf(param).duration ?? kindOf(param).element?.duration),
);

describe.each(timed.map((definition) => [definition.type, definition] as const))('%s', (type, definition) => {
  const pair = optionsOf(definition).map((options) => shares(definition, options));

  test('resolves durations to what the same numbers make, as its JSON form does', () => {
    fc.assert(
      fc.property(pair, ([written, counted]) => {
        fc.pre(Object.values(written).some((value) => /%/.test(String(value))) && isAllowed(counted));
        const unresolved = create(definition, written) as unknown as Unresolved<{ spec: object }>;
        expect(isUnresolved(unresolved)).toBe(true);
        const { spec } = create(definition, counted) as unknown as { spec: object };
        expect(unresolved.resolve({ totalSteps: 100 }).spec).toEqual(spec);
        expect(unresolved.spec['type']).toBe(type);
        if ('controls' in definition) return;
        const read = parsePlan(JSON.parse(JSON.stringify(unresolved)), { totalSteps: 100 });
        expect(toSpec(read.learningRate as never)).toEqual(JSON.parse(JSON.stringify(spec)));
      }),
      { numRuns: 40 },
    );

    /** Rounding to three digits may contradict itself. */
    function isAllowed(options: Options): boolean {
      try {
        create(definition, options);
        return true;
      } catch {
        return false;
      }
    }
  });
});

test('an option is a duration where its name says so, which is what types go by', () => {
  const named = (key: string): boolean => /Steps$|^(boundaries|knots|stepsPerEpoch)$/.test(key);
  const differing = [...scheduleDefinitions, ...controllerDefinitions].flatMap(({ type, params }) =>
    Object.entries(params).flatMap(([key, param]) => {
      const { duration, element } = kindOf(param);
      return (duration ?? element?.duration ?? false) === named(key) ? [] : [`${type}.${key}`];
    }),
  );
  // Counts that belong to a table, not to the run: no share of a run is a power of two, or the length of a list.
  expect(differing).toEqual(['chebyshev.cycleSteps', 'recurrence.lengthSteps', 'recurrence.periodSteps']);
});

describe('a schedule with a duration relative to the run', () => {
  test('is resolved by a horizon, as often as asked', () => {
    const schedule = late.resolve(run);
    expect(schedule.spec).toEqual(early.spec);
    expect([0, 100, 249, 250, 600, 1000].map(schedule)).toEqual([0, 100, 249, 250, 600, 1000].map(early));
    expect(late.resolve({ totalSteps: 2000, stepsPerEpoch: 1 }).spec).toMatchObject({ warmupSteps: 5 });
  });

  test('keeps what was written, as its JSON form', () => {
    const spec = {
      type: 'warmup',
      warmupSteps: '5ep',
      schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '75%' },
    };
    expect(late.spec).toEqual(spec);
    expect(JSON.parse(JSON.stringify(late))).toEqual(spec);
    expect(planToJSON({ learningRate: late })).toEqual({ learningRate: spec });
  });

  test('is what was written, whatever becomes of the options', () => {
    const options = { initValue: 1, boundaries: ['10%', '20%'] as ('10%' | '20%')[] };
    const schedule = multiStepDecay(options);
    options.boundaries.pop();
    options.initValue = 2;
    expect(schedule.resolve({ totalSteps: 100 }).spec).toMatchObject({ initValue: 1, boundaries: [10, 20] });
  });

  test('is no function', () => {
    expect(typeof late).toBe('object');
  });

  test('counts on the clock of the epochs that it stands in', () => {
    const inner = linear({ initValue: 1, decaySteps: '100%' });
    const schedule = perEpoch({ stepsPerEpoch: '1ep', schedule: inner }).resolve(run);
    expect(schedule.spec).toMatchObject({ stepsPerEpoch: 50, schedule: { decaySteps: 20 } });
    expect(schedule(499)).toBe(1 - 9 / 20);
  });

  test('stands in lists, and beside bare functions', () => {
    const schedule = sequence({ schedules: [() => 1, scale({ schedule: late, factor: 2 })], boundaries: ['10%'] });
    expect(schedule.resolve(run)(100 + 250)).toBe(0.2);
    expect(caught(() => JSON.stringify(schedule)).code).toBe('function');
  });

  test.each([
    [
      { stepsPerEpoch: 50 },
      'cosineDecay: decaySteps "75%" needs a horizon: totalSteps is not known here',
      '/schedule/decaySteps',
    ],
    [{ totalSteps: 9 }, 'warmup: warmupSteps "5ep" needs a horizon: stepsPerEpoch is not known here', '/warmupSteps'],
    [{ totalSteps: 9, stepsPerEpoch: 0 }, 'horizon: stepsPerEpoch must be a number > 0; received 0', '/stepsPerEpoch'],
    [{ steps: 9 }, 'horizon: unknown option "steps", write totalSteps; known: totalSteps, stepsPerEpoch', '/steps'],
    [{ scale: 2 }, 'horizon: unknown option "scale"; known: totalSteps, stepsPerEpoch', '/scale'],
  ])('is refused with %j', (horizon, message, path) => {
    const error = caught(() => toPlan(late, horizon as RunLength));
    expect([error.message, error.path]).toEqual([message, path]);
  });

  test('is refused at once where it is wrong for every run, later where for one', () => {
    const wrong = [
      () => cosineDecay({ initValue: -1, decaySteps: '10%' }),
      () => cosineDecay({ initValue: 1, decaySteps: '0%' }),
      () => cosineDecay({ initValue: 1, decaySteps: '10 %' }),
      () => cosineDecay({ initValue: 1, decaySteps: '-10%' }),
      () => cosineDecay({ initValue: 1, decaySteps: '10%', T_max: 5 } as never),
      () => warmup({ warmupSteps: '10%' } as never),
      () => cosineDecay({ initValue: '10%' as unknown as number, decaySteps: '10%' }),
    ];
    expect(wrong.map((make) => caught(make).message)).toEqual([
      'cosineDecay: initValue must be a number >= 0; received -1',
      'cosineDecay: decaySteps must be a number > 0; received 0',
      'cosineDecay: decaySteps must be a number > 0; received "10 %"',
      'cosineDecay: decaySteps must be a number > 0; received "-10%"',
      expect.stringMatching('cosineDecay: unknown option "T_max", write decaySteps'),
      'warmup: schedule is required: a schedule or a number >= 0',
      'cosineDecay: initValue must be a number >= 0; received "10%"',
    ]);
    const falling = sequence({ schedules: [1, 2, 3], boundaries: ['50%', 100] });
    expect(falling.resolve({ totalSteps: 100 })(60)).toBe(2);
    expect(caught(() => falling.resolve({ totalSteps: 1000 })).code).toBe('contradiction');
  });
});

describe('every place that takes a plan', () => {
  const plan = {
    learningRate: {
      schedule: late,
      controllers: {
        plateau: { use: reduceOnPlateau({}), from: '10%', until: '90%' },
        guard: { use: spikeGuard({ rewarmSteps: '1%' }) },
      },
    },
    momentum: 0.9,
    groups: { head: { from: '2ep', learningRate: late }, rest: {} },
  } as const;

  test('resolves it by the horizon, in every track, window and group', () => {
    expect(planToJSON(toPlan(plan, run))).toEqual(
      planToJSON(parsePlan(JSON.parse(JSON.stringify(planToJSON(plan))), run)),
    );
    expect(planToJSON(toPlan(plan, run))).toMatchObject({
      learningRate: {
        schedule: early.spec,
        controllers: { plateau: { from: 100, until: 900 }, guard: { use: { rewarmSteps: 10 } } },
      },
      groups: { head: { from: 100, learningRate: early.spec } },
    });
  });

  test('leaves a plan alone that is resolved', () => {
    const resolved = toPlan(plan, run);
    expect(toPlan(resolved)).toBe(resolved);
    expect([plan, resolved, late, early, 0.1, createScheduler(resolved)].map(needsHorizon)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test('and refuses what is no plan', () => {
    for (const none of [null, undefined, '10%', []])
      expect(caught(() => needsHorizon(none as never)).message).toMatch('plan must be a schedule');
  });

  test('a scheduler resolves it where it is made, and evaluates numbers alone', () => {
    const scheduler = createScheduler(plan, { horizon: run });
    expect(scheduler.values(250).learningRate).toBe(0.1);
    expect(scheduler.state().plan).toEqual(planToJSON(toPlan(plan, run)));
  });

  test.each<[PlanLike, string, string]>([
    [late, 'warmup: warmupSteps "5ep" needs a horizon: stepsPerEpoch is not known here', '/warmupSteps'],
    [
      plan,
      'warmup: warmupSteps "5ep" needs a horizon: stepsPerEpoch is not known here',
      '/learningRate/schedule/warmupSteps',
    ],
    [
      { learningRate: 0.1, groups: { 'a/b': { from: '5%' } } },
      '/groups/a~1b/from: "5%" needs a horizon: totalSteps is not known here',
      '/groups/a~1b/from',
    ],
  ])('and refuses it in one sentence without a horizon', (planLike, message, path) => {
    const error = caught(() => createScheduler(planLike));
    expect([error.message, error.path, error.code]).toEqual([message, path, 'horizon']);
  });

  test('so do lint, layer-wise decay and a resume', () => {
    const schedule = linear({ initValue: 0.1, decaySteps: '50%' });
    expect(lint(schedule, { steps: 100 })).toEqual(lint(linear({ initValue: 0.1, decaySteps: 50 }), { steps: 100 }));
    const groups = layerwiseDecay(['a', 'b'], 0.5, schedule);
    expect(createScheduler({ learningRate: 1, groups }, { horizon: run }).values(250).groups!['a']!.learningRate).toBe(
      0.025,
    );
    const state = createScheduler(schedule, { startStep: 50, horizon: { totalSteps: 200 } }).state();
    const resumed = planResume(state, schedule, { onJump: 'keep', totalSteps: 400 });
    expect(createScheduler(resumed.plan).values(50).learningRate).toBe(0.05);
  });
});
