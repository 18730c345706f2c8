import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { generator } from './generator.ts';
import { permutation } from './permutation.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('a permutation holds every number once, and the same seed and path give the same', () => {
  fc.assert(
    fc.property(seeds, fc.nat(200), fc.nat(1000), (seed, length, epoch) => {
      const order = permutation(length, generator(seed, 'order', epoch));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      expect(permutation(length, generator(seed, 'order', epoch))).toEqual(order);
    }),
  );
});

test('another seed, purpose or epoch gives another order', () => {
  const order = (seed: number, ...path: (string | number)[]): string =>
    permutation(50, generator(seed, ...path)).join();
  const orders = [order(1, 'order', 0), order(1, 'order', 1), order(2, 'order', 0), order(1, 'split', 0), order(1)];
  expect(new Set(orders).size).toBe(orders.length);
});

test('every place is equally likely', () => {
  // 3 numbers have 6 orders; over 6,000 seeds each comes 1,000 ± 5 standard deviations (√(6000·5/36) ≈ 29).
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed += 1) {
    const order = permutation(3, generator(seed, 'order', 0)).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});
