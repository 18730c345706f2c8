import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  annealFrom,
  clamp,
  constant,
  cosineDecay,
  cyclic,
  exponentialDecay,
  greedy,
  linear,
  multiStepDecay,
  oneCycle,
  parsePlan,
  perEpoch,
  piecewiseConstant,
  polynomialDecay,
  pulse,
  reduceOnPlateau,
  repeat,
  sequence,
  shift,
  spikeGuard,
  stableDecay,
  stretch,
  warmup,
  warmRestarts,
  type Plan,
  type Schedule,
} from '../index.ts';
import { lint } from './lint.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 90 });
const fall = linear({ initValue: 0.1, decaySteps: 50 });

const codes = (given: Schedule | number | Plan, steps: number): readonly string[] =>
  lint(given, { steps }).map(({ severity, code }) => `${severity} ${code}`);

describe('what is wrong is found', () => {
  test.each<[string, Schedule | Plan, number, readonly string[]]>([
    ['negative', (step) => 0.1 - 0.01 * step, 20, ['error negative', 'note opaque']],
    ['not finite', (step) => 1 / (10 - step), 11, ['error nonFinite', 'note opaque']],
    [
      'a momentum of 1',
      { learningRate: 0.1, momentum: linear({ initValue: 0.9, endValue: 1, decaySteps: 9 }) },
      10,
      ['error outOfRange'],
    ],
    [
      'a first update of 0',
      warmup({ warmupSteps: 10, startFactor: 0, schedule: cosine }),
      100,
      ['warning firstUpdateZero'],
    ],
    ['a peak used twice', warmup({ warmupSteps: 10, reach: 'last', schedule: cosine }), 100, ['warning peakHeldTwice']],
    ['an end that the run does not reach', cosine, 80, ['warning endNotReached']],
    ...(
      [
        ['goes on', cosineDecay({ initValue: 0.1, decaySteps: 1000, pastEnd: 'continue' })],
        [
          'goes on after a warm-up',
          warmup({ warmupSteps: 9, schedule: cosineDecay({ initValue: 0.1, decaySteps: 1000, pastEnd: 'continue' }) }),
        ],
        ['is one cycle and goes on', oneCycle({ peakValue: 0.1, totalSteps: 1000, pastEnd: 'continue' })],
        ['begins again', polynomialDecay({ initValue: 0.1, decaySteps: 1000, pastEnd: 'cycle' })],
        [
          'is held back',
          clamp({ schedule: cosineDecay({ initValue: 0.1, decaySteps: 1000, pastEnd: 'continue' }), minValue: 0.01 }),
        ],
      ] as const
    ).map(([what, schedule]): [string, Schedule, number, readonly string[]] => [
      `an end that the run does not reach, of one that ${what}`,
      schedule,
      100,
      ['warning endNotReached'],
    ]),
    [
      'a last drop that the run does not reach',
      multiStepDecay({ initValue: 1, boundaries: [50, 80] }),
      60,
      ['warning endNotReached'],
    ],
    [
      'a rise after the end',
      cosineDecay({ initValue: 0.1, decaySteps: 90, pastEnd: 'continue' }),
      100,
      ['warning risesAfterEnd'],
    ],
    [
      'the same inside a warm-up',
      warmup({ warmupSteps: 5, schedule: cosineDecay({ initValue: 0.1, decaySteps: 90, pastEnd: 'continue' }) }),
      100,
      ['warning risesAfterEnd'],
    ],
    [
      'the same, but after the run',
      cosineDecay({ initValue: 0.1, decaySteps: 90, pastEnd: 'continue' }),
      90,
      ['note risesAfterEnd'],
    ],
    [
      'the same of one cycle, which is over a step before its length',
      oneCycle({ peakValue: 0.1, totalSteps: 100, pastEnd: 'continue' }),
      99,
      ['note risesAfterEnd'],
    ],
    ['a warm-up longer than the run', warmup({ warmupSteps: 200, schedule: cosine }), 100, ['warning warmupTooLong']],
    [
      'a part that never starts',
      sequence({ schedules: [fall, 0], boundaries: [500] }),
      400,
      ['warning phaseNeverStarts'],
    ],
    [
      'a part that lasts no step',
      sequence({ schedules: [0.1, 0.2, 0.1], boundaries: [50, 50] }),
      60,
      ['warning phaseNeverStarts'],
    ],
    [
      'a decay phase that never starts',
      stableDecay({ initValue: 0.1, stableSteps: 100, decaySteps: 50 }),
      100,
      ['warning phaseNeverStarts'],
    ],
    [
      'a part inside others that never starts',
      stretch({
        schedule: shift({ schedule: sequence({ schedules: [0.1, fall], boundaries: [40] }), shiftSteps: 20 }),
        factor: 2,
      }),
      120,
      ['warning phaseNeverStarts'],
    ],
    [
      'a group that never joins',
      { learningRate: 0.1, groups: { head: { from: 100, learningRate: 0.2 } } },
      100,
      ['warning phaseNeverStarts'],
    ],
    [
      'a controller that never wakes',
      { learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({}), from: 100 } } } },
      100,
      ['warning phaseNeverStarts'],
    ],
    [
      'a patience counted in updates',
      { learningRate: { schedule: 0.1, controllers: { p: { use: reduceOnPlateau({ monitor: 'batchLoss' }) } } } },
      100,
      ['warning patienceInUpdates'],
    ],
    [
      'the same of another controller, and another metric',
      { learningRate: { schedule: 0.1, controllers: { g: { use: greedy({ monitor: 'gradientNorm' }) } } } },
      100,
      ['warning patienceInUpdates'],
    ],
    ['a jump between parts', sequence({ schedules: [fall, fall], boundaries: [50] }), 100, ['warning undeclaredJump']],
    [
      'a jump that repeats',
      repeat({ schedule: sequence({ schedules: [0.1, 0.2], boundaries: [10] }), cycleSteps: 20 }),
      1000,
      ['warning undeclaredJump'],
    ],
    ['a tail', fall, 100, ['note endHeld']],
    ['what float32 cannot hold', exponentialDecay({ initValue: 0.1, gamma: 0.5 }), 1000, ['note underflow']],
  ])('%s', (_, given, steps, expected) => {
    expect(codes(given, steps)).toEqual(expected);
  });
});

describe('what is meant is left alone', () => {
  test.each<[string, Schedule | Plan | number, number]>([
    ['a number', 0.1, 100],
    ['warm-up and cosine', warmup({ warmupSteps: 10, schedule: cosine }), 100],
    ['a warm-up of no steps', warmup({ warmupSteps: 0, schedule: cosine }), 90],
    ['a constant warm-up, which jumps', warmup({ warmupSteps: 10, shape: 'constant', schedule: cosine }), 100],
    ['drops at steps', piecewiseConstant({ boundaries: [30, 60], values: [1, 0.1, 0.01] }), 61],
    ['a rectangular pulse', pulse({ schedule: 0.1, atSteps: 5, pulseSteps: 5, peakFactor: 9 }), 11],
    ['restarts', warmRestarts({ initValue: 0.1, cycleSteps: 10 }), 100],
    ['a peak between two steps', cyclic({ initValue: 0.1, peakValue: 1, upSteps: 5.5, downSteps: 5.5 }), 22],
    [
      'a staircase of two steps each',
      perEpoch({
        schedule: warmup({ warmupSteps: 4, schedule: linear({ initValue: 0.1, decaySteps: 46 }) }),
        stepsPerEpoch: 2,
      }),
      100,
    ],
    ['an anneal at the end', annealFrom({ schedule: constant({ value: 0.1 }), atSteps: 80, decaySteps: 20 }), 100],
    [
      'a schedule entered after its first phase',
      shift({ schedule: stableDecay({ initValue: 0.1, stableSteps: 80, decaySteps: 50 }), shiftSteps: -90 }),
      40,
    ],
    [
      'repetitions within repetitions',
      repeat({
        schedule: repeat({ schedule: repeat({ schedule: 0.1, cycleSteps: 1 }), cycleSteps: 1 }),
        cycleSteps: 1,
      }),
      1e6,
    ],
    ['a decay that never ends', exponentialDecay({ initValue: 0.1, gamma: 0.99 }), 1000],
    ...(['loss', 'val_loss', 'val_accuracy', 'batch', 'batches'].map((monitor) => [
      `a patience of epochs, by ${monitor}`,
      { learningRate: { schedule: 0.1, controllers: { p: { use: reduceOnPlateau({ monitor }) } } } },
      100,
    ]) as [string, Plan, number][]),
    [
      'a patience of means over several updates',
      {
        learningRate: {
          schedule: 0.1,
          controllers: { p: { use: reduceOnPlateau({ monitor: 'batchLoss', accumulate: 20 }) } },
        },
      },
      100,
    ],
    [
      'a guard of every update',
      { learningRate: { schedule: 0.1, controllers: { guard: { use: spikeGuard({}) } } } },
      100,
    ],
    ['cycles that begin again', polynomialDecay({ initValue: 0.1, decaySteps: 50, pastEnd: 'cycle' }), 120],
    ['a weight decay of 0', { learningRate: 0.1, weightDecay: 0 }, 100],
  ])('%s', (_, given, steps) => {
    expect(codes(given, steps)).toEqual([]);
  });

  const { definitions } = JSON.parse(readFileSync(new URL('../../definitions.json', import.meta.url), 'utf8')) as {
    readonly definitions: readonly { name: string; exampleSpec: object; exampleSteps?: number }[];
  };
  const gallery = definitions.filter(({ exampleSteps }) => exampleSteps !== undefined);
  test.each(gallery.map(({ name, ...rest }) => [name, rest] as const))(
    '%s as its example has it',
    (_, { exampleSpec, exampleSteps }) => {
      const findings = lint(parsePlan(exampleSpec), { steps: exampleSteps! });
      expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    },
  );
});

describe('a finding says where', () => {
  test('as a pointer into what was given, with the step and the epoch', () => {
    const plan: Plan = {
      learningRate: {
        schedule: sequence({ schedules: [0.1, warmup({ warmupSteps: 100, schedule: 0.1 })], boundaries: [500] }),
        controllers: { plateau: { use: reduceOnPlateau({}) } },
      },
      groups: { 'a/b': { momentum: (): number => 2 } },
    };
    const findings = lint(plan, { steps: 400, stepsPerEpoch: 40 });
    expect(findings.map(({ code, path, step }) => [code, path, step])).toEqual([
      ['outOfRange', '/groups/a~1b/momentum', 0],
      ['phaseNeverStarts', '/learningRate/schedule/schedules/1', 500],
      ['opaque', '/groups/a~1b/momentum', undefined],
    ]);
    expect(findings[1]!.message).toBe('warmup begins at step 500 (epoch 12.5), after the run of 400 steps');
  });

  test('of a controller, whose patience in updates may be meant where it is an epoch or more', () => {
    const use = reduceOnPlateau({ monitor: 'batchLoss', patience: 40 });
    const plan: Plan = { learningRate: { schedule: 0.1, controllers: { slow: { use } } } };
    expect(lint(plan, { steps: 400, stepsPerEpoch: 40 })).toEqual([]);
    const [finding] = lint(plan, { steps: 400, stepsPerEpoch: 41 });
    expect(finding).toMatchObject({ code: 'patienceInUpdates', path: '/learningRate/controllers/slow' });
    expect(finding!.message).toBe(
      'the controller slow counts its patience of 40 in updates, since "batchLoss" is reported after each; to count epochs let it monitor "loss" or "val_loss"',
    );
  });

  test('on the clock of the plan where a group joins late', () => {
    const plan: Plan = { learningRate: 0.1, groups: { head: { from: 50, learningRate: fall } } };
    expect(lint(plan, { steps: 80 })).toMatchObject([
      { code: 'endNotReached', step: 80, path: '/groups/head/learningRate' },
    ]);
    expect(codes(plan, 100)).toEqual([]);
  });
});

test('a run of 10¹² steps is examined as fast as one of a million, ends included', () => {
  const schedule = warmup({
    warmupSteps: 1e10,
    startFactor: 0,
    schedule: linear({ initValue: 0.1, decaySteps: 1e12 }),
  });
  expect(codes(schedule, 1e12)).toEqual(['warning firstUpdateZero', 'warning endNotReached']);
});

test.each([0, 1.5, Number.NaN])('a run of %s steps is refused', (steps) => {
  expect(() => lint(0.1, { steps })).toThrow('lint: steps must be an integer >= 1');
});
