import { describe, expect, test } from 'vitest';
import { cosineDecay, exponentialDecay, linear, recurrence, type Schedule } from '../index.ts';

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
