import { expect, test } from 'vitest';
import { cyclic } from './cyclic.ts';

test('cycles that grow in both ways stay finite, also where the way up begins', () => {
  const schedule = cyclic({ initValue: 0.1, peakValue: 1, upSteps: 5, cycleFactor: 10, gamma: 10 });
  for (const step of [0, 10, 1000, 1005, 1e12, 2 ** 53]) expect(Number.isFinite(schedule(step)), `${step}`).toBe(true);
  expect(schedule(1e12)).toBe(0.1);
});
