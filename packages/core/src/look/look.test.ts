import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  chebyshev,
  constant,
  cosineDecay,
  exponentialDecay,
  linear,
  multiStepDecay,
  naturalExponentialDecay,
  perEpoch,
  polynomialDecay,
  pulse,
  repeat,
  sequence,
  shift,
  stableDecay,
  stretch,
  warmRestarts,
  warmup,
  type Schedule,
} from '../index.ts';
import { extrema } from './extrema.ts';
import { fill } from './fill.ts';
import { integral } from './integral.ts';
import { phases } from './phases.ts';
import { settledAt } from './settledAt.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });

test('fill writes the values of consecutive steps, from anywhere, and returns its array', () => {
  const out = new Float64Array(5);
  expect(fill(cosine, out, 48)).toBe(out);
  expect([...out]).toEqual([48, 49, 50, 51, 52].map(cosine));
});

describe('extrema', () => {
  test('are the first lowest and highest of the steps that updates see', () => {
    const schedule = warmup({ warmupSteps: 10, schedule: sequence({ schedules: [0.1, cosine], boundaries: [5] }) });
    expect(extrema(schedule, 200)).toEqual({ lowest: { step: 115, value: 0 }, highest: { step: 10, value: 0.1 } });
    expect(extrema(schedule, 20, 20).highest).toEqual({ step: 20, value: schedule(20) });
  });

  test('agree with sorting, and leave NaN out', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 20 }), (values) => {
        const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
        const { lowest, highest } = extrema((step) => values[step]!, values.length);
        expect([lowest.value, highest.value]).toEqual([sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN]);
      }),
    );
  });
});

describe('integral', () => {
  test('is the sum over the updates: that of a line is exact', () => {
    expect(integral(linear({ initValue: 1, decaySteps: 1000 }), 1000)).toBe(500.5);
    expect(integral(constant({ value: 0.1 }), 10, 90)).toBeCloseTo(1, 15);
  });

  test('loses nothing over many steps, where a plain sum loses digits', () => {
    // 1 + n·2⁻⁵³: a plain sum stays at 1, since each term is half a unit in its last place.
    const tiny: Schedule = (step) => (step === 0 ? 1 : 2 ** -53);
    expect(integral(tiny, 2 ** 20 + 1)).toBe(1 + 2 ** -33);
  });

  test('of what is not finite is not finite', () => {
    expect(integral(() => Infinity, 3)).toBe(Infinity);
    expect(integral(() => Number.NaN, 3)).toBeNaN();
  });
});

describe('where a schedule settles', () => {
  test.each<[string, Schedule, number | undefined]>([
    ['cosine', cosine, 100],
    ['a line to a fraction of a step', linear({ initValue: 1, decaySteps: 7.25 }), 7.25],
    ['a power', polynomialDecay({ initValue: 1, decaySteps: 1e9, power: 2 }), 1e9],
    ['drops', multiStepDecay({ initValue: 1, boundaries: [3, 7e5] }), 7e5],
    ['a constant', constant({ value: 3 }), 0],
    ['what falls at once', exponentialDecay({ initValue: 1, gamma: 0 }), undefined],
    ['a pulse late on a constant', pulse({ schedule: 0.1, atSteps: 1000, pulseSteps: 500, peakFactor: 2 }), 1500],
    ['a decay that underflows', exponentialDecay({ initValue: 0.1, gamma: 0.5 }), undefined],
    [
      'a decay to a floor by rounding',
      add({ schedules: [1, naturalExponentialDecay({ initValue: 1, decayRate: 0.1 })] }),
      undefined,
    ],
    ['restarts', warmRestarts({ initValue: 0.1, cycleSteps: 10 }), undefined],
    ['rounds', chebyshev({ peakValue: 1, endValue: 0.1, cycleSteps: 8 }), undefined],
    ['NaN', () => Number.NaN, undefined],
  ])('%s', (_, schedule, expected) => {
    const settled = settledAt(schedule);
    // Found by halving to 1e-9, of a step or of its size.
    const tolerance = 2e-9 * (expected ?? 0);
    expect(settled === expected || Math.abs(settled! - expected!) <= tolerance).toBe(true);
  });
});

describe('phases', () => {
  const named = (schedule: Schedule, steps: number): readonly string[] =>
    phases(schedule, steps).map(({ name, start, end, path }) => `${name} ${start}–${end} ${path}`.trim());

  test('of one schedule are itself, or what its durations name', () => {
    expect(named(cosine, 100)).toEqual(['cosineDecay 0–100']);
    expect(named(() => 1, 100)).toEqual(['function 0–100']);
    expect(named(stableDecay({ initValue: 1, stableSteps: 80, decaySteps: 20 }), 100)).toEqual([
      'stable 0–80',
      'decay 80–100',
    ]);
  });

  test('of nested schedules are on the clock of the whole, each with its place', () => {
    const schedule = stretch({
      factor: 2,
      schedule: sequence({ schedules: [warmup({ warmupSteps: 10, schedule: 0.1 }), cosine], boundaries: [50] }),
    });
    expect(named(schedule, 400)).toEqual([
      'warmup 0–20 /schedule/schedules/0',
      'constant 20–100 /schedule/schedules/0/schedule',
      'cosineDecay 100–400 /schedule/schedules/1',
    ]);
  });

  test('are cut by the run, by what surrounds them, and where a schedule is entered late', () => {
    const inner = warmup({ warmupSteps: 10, schedule: cosine });
    expect(named(inner, 5)).toEqual(['warmup 0–5']);
    expect(named(shift({ schedule: inner, shiftSteps: -4 }), 20)).toEqual([
      'warmup 0–6 /schedule',
      'cosineDecay 6–20 /schedule/schedule',
    ]);
    expect(named(perEpoch({ schedule: inner, stepsPerEpoch: 7 }), 140)[0]).toBe('warmup 0–70 /schedule');
    expect(named(repeat({ schedule: inner, cycleSteps: 20, cycleFactor: 2 }), 60)).toEqual([
      'warmup 0–10 /schedule',
      'cosineDecay 10–20 /schedule/schedule',
      'warmup 20–40 /schedule',
      'cosineDecay 40–60 /schedule/schedule',
    ]);
  });

  test('follow one another without gap or overlap from 0 to the end of the run', () => {
    const leaf = fc.constantFrom<Schedule | number>(
      0.1,
      cosine,
      stableDecay({ initValue: 1, stableSteps: 8, decaySteps: 9 }),
    );
    const { tree } = fc.letrec<{ tree: Schedule | number }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc
          .tuple(tie('tree'), fc.integer({ min: 0, max: 50 }))
          .map(([schedule, n]) => warmup({ warmupSteps: n, schedule })),
        fc
          .tuple(tie('tree'), fc.integer({ min: -20, max: 50 }))
          .map(([schedule, n]) => shift({ schedule, shiftSteps: n })),
        fc
          .tuple(tie('tree'), tie('tree'), fc.integer({ min: 1, max: 80 }))
          .map(([a, b, n]) => sequence({ schedules: [a, b], boundaries: [n] })),
        fc.tuple(tie('tree'), fc.constantFrom(0.5, 2, 3)).map(([schedule, factor]) => stretch({ schedule, factor })),
        fc
          .tuple(tie('tree'), fc.integer({ min: 5, max: 50 }))
          .map(([schedule, n]) => repeat({ schedule, cycleSteps: n })),
      ),
    }));
    fc.assert(
      fc.property(tree, (made) => {
        const schedule = typeof made === 'number' ? constant({ value: made }) : made;
        const all = phases(schedule, 200);
        expect(all[0]!.start).toBe(0);
        all.forEach(({ end }, i) => expect(end).toBeCloseTo(all[i + 1]?.start ?? 200, 9));
      }),
    );
  });
});
