import { expect, test } from 'vitest';
import { warmRestarts } from './warmRestarts.ts';

test('SGDR: T_0 = 10, T_mult = 2 begins its cycles at 0, 10, 30 and 70', () => {
  // Loshchilov & Hutter 2017, section 4: the rate is back at its maximum where a cycle of T_0·T_mult^i begins.
  const schedule = warmRestarts({ initValue: 0.05, cycleSteps: 10, cycleFactor: 2 });
  expect([0, 10, 30, 70, 150].map(schedule)).toEqual([0.05, 0.05, 0.05, 0.05, 0.05]);
  expect([5, 20, 50].map((step) => Number(schedule(step).toPrecision(15)))).toEqual([0.025, 0.025, 0.025]);
  expect(schedule(9)).toBeLessThan(0.002);
});

test('cycles near the largest double stay finite', () => {
  const schedule = warmRestarts({ initValue: 0.1, cycleSteps: 1.6e308 });
  for (const step of [0, 8e307, 1.5e308, 1.7e308]) expect(Number.isFinite(schedule(step))).toBe(true);
});
