import { expect, test } from 'vitest';
import { largestDifference, smoothed } from './useRuns.ts';

test('smoothing goes on where it stopped', () => {
  const losses = [4, 2, 1, 3, 5];
  expect(smoothed(smoothed([], losses.slice(0, 2)), losses.slice(2))).toEqual(smoothed([], losses));
  expect(smoothed([], [4, 2])).toEqual([4, 0.95 * 4 + (1 - 0.95) * 2]);
});

test('the largest difference looks at the steps that all have made', () => {
  expect(
    largestDifference([
      [1, 2, 3],
      [1, 2.5],
      [1, 2],
    ]),
  ).toBe(0.5);
  expect(largestDifference([])).toBe(0);
});
