import { describe, expect, test } from 'vitest';
import { Pace } from './pace.ts';

/** The number of updates in a call after twenty calls, where an update takes so long. */
function settled(msPerUpdate: number): number {
  const pace = new Pace();
  for (let i = 0; i < 20; i++) pace.took(msPerUpdate * pace.steps, pace.steps);
  return pace.steps;
}

describe('the number of updates in a call', () => {
  test.each([
    [0, 16],
    [1, 16],
    [3, 8],
    [7.5, 4],
    [16, 1],
    [500, 1],
  ])('where an update takes %d ms is %i', (ms, steps) => {
    expect(settled(ms)).toBe(steps);
  });

  test('falls again when updates become slow, and is judged by what one update takes', () => {
    const pace = new Pace();
    for (let i = 0; i < 4; i++) pace.took(1, 1);
    expect(pace.steps).toBe(16);
    pace.took(3, 1);
    expect(pace.steps).toBe(8);
  });
});
