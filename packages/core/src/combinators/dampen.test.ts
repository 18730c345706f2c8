import { expect, test } from 'vitest';
import { dampen, type DampenOptions } from './dampen.ts';

const omega = (options: Omit<DampenOptions, 'schedule'>) => dampen({ ...options, schedule: 1 });

test('untuned time constants follow from beta2', () => {
  // 2/(1−0.75) = 8 and 1/(1−0.75) = 4 without rounding
  expect([0, 3, 7, 8].map(omega({ shape: 'linear', beta2: 0.75 }))).toEqual([0.125, 0.5, 1, 1]);
  expect(omega({ beta2: 0.75 })(3)).toBeCloseTo(1 - Math.exp(-1), 15);
});

test('the rectified factor is the one of the RAdam paper, written out', () => {
  const beta2 = 0.999;
  const limit = 2 / (1 - beta2) - 1;
  const factor = omega({ shape: 'rectified', beta2 });
  // ρ(5) = 4.995 is the first above 4: update t uses n = t + 5. 1 − β₂ⁿ cancels three digits here, hence 1e-9.
  for (const n of [5, 6, 20, 1000, 100_000]) {
    const rho = limit - (2 * n * beta2 ** n) / (1 - beta2 ** n);
    const expected = Math.sqrt(((rho - 4) * (rho - 2) * limit) / ((limit - 4) * (limit - 2) * rho));
    expect(Math.abs(factor(n - 5) / expected - 1)).toBeLessThan(1e-9);
  }
  expect(factor(1e12)).toBeCloseTo(1, 12);
});
