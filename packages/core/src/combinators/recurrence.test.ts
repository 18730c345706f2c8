import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  exponentialDecay,
  linear,
  recurrence,
  stepDecay,
  type RecurrenceOptions,
  type Schedule,
} from '../index.ts';

const first = (schedule: Schedule, n: number): number[] => Array.from({ length: n }, (_, step) => schedule(step));
const close = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 12));

describe('the rules', () => {
  const rule = (
    rules: 'ratio' | 'multiply' | 'replace' | 'approach',
    schedule: Schedule | number,
    floor = 0,
  ): Schedule =>
    recurrence({ initValue: 1, lengthSteps: 20, schedules: [schedule], rules: [rules], floorValues: [floor] });

  test('ratio follows the schedule as far as it only multiplies', () => {
    expect(first(rule('ratio', exponentialDecay({ initValue: 5, gamma: 0.5 })), 4)).toEqual([1, 0.5, 0.25, 0.125]);
    expect(first(rule('ratio', exponentialDecay({ initValue: 5, gamma: 0.5 }), 0.2), 3)).toEqual(close([1, 0.6, 0.4]));
  });

  test('after a zero of the schedule ratio adds its change, approach goes to the floor', () => {
    const wave = cosineDecay({ initValue: 2, decaySteps: 2, pastEnd: 'continue' });
    expect(first(rule('ratio', wave), 5)).toEqual(close([1, 0.5, 0, 1, 2]));
    const end = linear({ initValue: 1, decaySteps: 2 });
    expect(first(rule('approach', end, 0.25), 5)).toEqual(close([1, 0.625, 0.25, 0.25, 0.25]));
  });

  test('multiply takes the schedule as a factor, replace as the value', () => {
    expect(first(rule('multiply', 0.5), 4)).toEqual([1, 0.5, 0.25, 0.125]);
    expect(first(rule('replace', linear({ initValue: 1, decaySteps: 4 })), 4)).toEqual([1, 0.75, 0.5, 0.25]);
  });
});

test('PyTorch: ExponentialLR(0.5) chained with CosineAnnealingLR(T_max=4, eta_min=0.1) falls below 0', () => {
  const chain = recurrence({
    initValue: 1,
    lengthSteps: 100,
    schedules: [
      exponentialDecay({ initValue: 1, gamma: 0.5 }),
      cosineDecay({ initValue: 0.9, decaySteps: 4, pastEnd: 'continue' }),
    ],
    rules: ['ratio', 'ratio'],
    floorValues: [0, 0.1],
  });
  const measured = [1, 0.4414, 0.1707, 0.0957, 0.1, 0.1818, 0.0689, -0.0119, -0.0241];
  // Recorded to four digits.
  expect(first(chain, 9)).toEqual(measured.map((value) => expect.closeTo(value, 4)));
});

test('parts act within their steps only, and the value is held after the length', () => {
  const window = recurrence({
    initValue: 1,
    lengthSteps: 6,
    schedules: [0.5, 2],
    rules: ['multiply', 'multiply'],
    fromSteps: [2, 5],
    untilSteps: [4, 1000],
  });
  expect(first(window, 9)).toEqual([1, 1, 0.5, 0.25, 0.25, 0.5, 1, 1, 1]);
  expect(window(1e12)).toBe(1);
  expect(window(3.9)).toBe(0.25);
});

describe('with a period it goes on for ever', () => {
  // What each part does repeats: a constant share, a share every third step, a wave, steps that end.
  const wave = cosineDecay({ initValue: 0.9, decaySteps: 4, pastEnd: 'continue' });
  const parts = {
    shrinking: { schedules: [0.99, wave], rules: ['multiply', 'ratio'], floorValues: [0, 0.1], period: 8 },
    'a staircase under a wave': {
      schedules: [stepDecay({ initValue: 1, dropFactor: 0.9, dropSteps: 3 }), wave],
      rules: ['ratio', 'ratio'],
      floorValues: [0, 0.05],
      period: 24,
    },
    'two waves': {
      schedules: [wave, cosineDecay({ initValue: 2, decaySteps: 3, pastEnd: 'continue' })],
      rules: ['ratio', 'ratio'],
      floorValues: [0.1, 0.02],
      period: 24,
    },
    'parts that have ended': {
      schedules: [linear({ initValue: 0.1, endValue: 1, decaySteps: 20 }), linear({ initValue: 1, decaySteps: 30 })],
      rules: ['ratio', 'approach'],
      floorValues: [0, 0.3],
      period: 1,
    },
    'a part that replaces': {
      schedules: [wave, cosineDecay({ initValue: 1, decaySteps: 7.3, pastEnd: 'continue' }), 0.5],
      rules: ['ratio', 'replace', 'multiply'],
      floorValues: [0, 0, 0],
      period: 1,
    },
  } as const;

  test.each(Object.entries(parts))('%s', (_, { period, ...options }) => {
    const common = { ...options, initValue: 1 } as unknown as RecurrenceOptions;
    const whole = recurrence({ ...common, lengthSteps: 5000 });
    const short = recurrence({ ...common, lengthSteps: 40 + period, periodSteps: period });
    const steps = Array.from({ length: 5000 }, (__, step) => step);
    const peak = Math.max(...steps.map(whole));
    const worst = Math.max(...steps.map((step) => Math.abs(whole(step) - short(step)) / peak));
    expect(worst).toBeLessThan(1e-12);
    // In any order, at once.
    const fresh = recurrence({ ...common, lengthSteps: 40 + period, periodSteps: period });
    expect(fresh(4321)).toBe(short(4321));
    expect(Number.isFinite(fresh(2 ** 53))).toBe(true);
  });

  test('of millions of steps it is computed in time', () => {
    const far = recurrence({
      initValue: 1,
      lengthSteps: 2_000_000,
      periodSteps: 2_000_000,
      schedules: [cosineDecay({ initValue: 1, decaySteps: 1_000_000, pastEnd: 'continue' })],
      rules: ['ratio'],
    });
    expect(far(2_500_000)).toBeCloseTo(0.5, 9);
  });
});
