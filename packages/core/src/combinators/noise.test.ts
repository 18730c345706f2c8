import { describe, expect, test } from 'vitest';
import { noise, type NoiseOptions } from './noise.ts';

const draws = (options: Partial<NoiseOptions>, count = 20_000): number[] => {
  const schedule = noise({ schedule: 1, amount: 0.5, ...options });
  // What is left of 1 + amount·n, in units of the amount.
  return Array.from({ length: count }, (_, step) => (schedule(step) - 1) / 0.5);
};
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe.each(['uniform', 'normal'] as const)('%s noise', (distribution) => {
  // Standard deviation in units of the amount: 1/√3; ½ cut off at ±2σ is 0.4398 (σ·√(1 − 4φ(2)/(2Φ(2)−1)), φ, Φ the normal law).
  const deviation = distribution === 'uniform' ? 1 / Math.sqrt(3) : 0.4398;

  test('stays within its amount and has mean and deviation of its law', () => {
    const all = draws({ distribution });
    expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(1);
    // Five standard errors of 20,000 draws; the seed is fixed, so this does not flicker.
    expect(Math.abs(mean(all))).toBeLessThan((5 * deviation) / Math.sqrt(20_000));
    expect(Math.abs(Math.sqrt(mean(all.map((n) => n * n))) - deviation)).toBeLessThan(0.015);
  });

  test('is not correlated from step to step, nor from seed to seed, nor far out', () => {
    const [one, other] = [draws({ distribution }), draws({ distribution, seed: 1 })];
    const far = noise({ schedule: 1, amount: 0.5, distribution });
    const farther = one.map((_, step) => (far(1e12 + step) - 1) / 0.5);
    const bound = (5 * deviation ** 2) / Math.sqrt(20_000);
    expect(Math.abs(mean(one.slice(1).map((n, i) => n * one[i]!)))).toBeLessThan(bound);
    expect(Math.abs(mean(one.map((n, i) => n * other[i]!)))).toBeLessThan(bound);
    expect(Math.abs(mean(one.map((n, i) => n * farther[i]!)))).toBeLessThan(bound);
  });
});

test('the same seed gives the same values, within a step too', () => {
  const schedule = noise({ schedule: 0.1, amount: 0.3, seed: 7 });
  expect(schedule(12.75)).toBe(schedule(12));
  expect(noise({ schedule: 0.1, amount: 0.3, seed: 7 })(12)).toBe(schedule(12));
  expect(noise({ schedule: 0.1, amount: 0.3, seed: 8 })(12)).not.toBe(schedule(12));
});
