import { describe, expect, test } from 'vitest';
import { greedy, type GreedyOptions } from './greedy.ts';

function values(options: GreedyOptions, reports: readonly number[], value = 1): number[] {
  const controller = greedy({ changeFactor: 0.5, ...options });
  const at = { step: 0, value };
  let state = controller.init();
  return reports.map((report) => {
    state = controller.observe(state, report, at);
    return value * controller.factor(state, at);
  });
}

const falling = [9, 8, 7, 6, 5, 4, 3, 2];
const stuck = [1, 1, 1, 1, 1, 1, 1, 1];

describe('greedy', () => {
  test('raises after more than patience good reports in a row, lowers after as many bad ones', () => {
    expect(values({ patience: 1 }, falling)).toEqual([1, 2, 2, 4, 4, 8, 8, 10]);
    expect(values({ patience: 1 }, stuck)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
  });

  test('does not look at reports while it rests or cools down', () => {
    expect(values({ patience: 0, rest: 1 }, falling)).toEqual([2, 2, 4, 4, 8, 8, 10, 10]);
    expect(values({ patience: 0, cooldown: 1, maxFactor: 1 }, stuck)).toEqual([
      1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625,
    ]);
  });

  test('keeps the value within absolute limits too', () => {
    expect(values({ patience: 0, maxValue: 3 }, falling).at(-1)).toBe(3);
    expect(values({ patience: 0, minValue: 0.3, maxFactor: 1 }, stuck).at(-1)).toBe(0.3);
  });

  test('begins anew after so many reductions at the floor', () => {
    expect(values({ patience: 0, minFactor: 0.5, resetAfter: 2, maxFactor: 1 }, stuck)).toEqual([
      1, 0.5, 1, 1, 0.5, 1, 1, 0.5,
    ]);
  });

  test('looks at the mean of a window, which one NaN spoils for good', () => {
    // Means 4, 3, 2, 4: the last is bad although 1 was the best report.
    expect(values({ patience: 0, window: 2, maxFactor: 1 }, [4, 2, 2, 6]).at(-1)).toBe(0.5);
    expect(values({ patience: 0, window: 2, minFactor: 0 }, [4, NaN, 3, 2, 1])).toEqual([2, 1, 0.5, 0.25, 0.125]);
  });
});
