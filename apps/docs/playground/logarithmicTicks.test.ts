import { expect, test } from 'vitest';
import { logarithmicTicks } from './logarithmicTicks.ts';

test('ticks are 1, 2 and 5 times powers of ten within the bounds', () => {
  expect(logarithmicTicks(0.03, 2.6)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
  expect(logarithmicTicks(0.1, 1)).toEqual([0.1, 0.2, 0.5, 1]);
  expect(logarithmicTicks(0.3, 0.4)).toEqual([]);
});
