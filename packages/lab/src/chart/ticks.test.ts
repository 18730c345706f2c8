import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearTicks, logTicks, tickLabel } from './ticks.ts';

test('linear ticks are round numbers', () => {
  expect(linearTicks(0, 0.1, 5)).toEqual([0, 0.02, 0.04, 0.06, 0.08, 0.1]);
  expect(linearTicks(0, 989, 6)).toEqual([0, 200, 400, 600, 800]);
  expect(linearTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
  expect(linearTicks(3, 3, 4)).toEqual([3]);
});

test('linear ticks rise, lie inside and are about as many as asked for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.integer({ min: 2, max: 12 }),
      (min, size, count) => {
        const ticks = linearTicks(min, min + size, count);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 2);
        ticks.forEach((tick, i) => {
          expect(tick).toBeGreaterThanOrEqual(min - 1e-6 * size);
          expect(tick).toBeLessThanOrEqual(min + size * (1 + 1e-6));
          expect(tick).toBeGreaterThan(ticks[i - 1] ?? -Infinity);
        });
      },
    ),
  );
});

test('logarithmic ticks are powers of ten, finer where there are few', () => {
  expect(logTicks(1e-3, 10, 8)).toEqual([0.001, 0.01, 0.1, 1, 10]);
  expect(logTicks(0.04, 2.5, 8)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
  expect(logTicks(1e-12, 1, 4).length).toBeLessThanOrEqual(4);
});

test('labels are short', () => {
  expect([0, 0.1, 1000, 2e-7, 1.5e6, 0.30000000000000004].map(tickLabel)).toEqual([
    '0',
    '0.1',
    '1,000',
    '2e-7',
    '1.5e6',
    '0.3',
  ]);
});
