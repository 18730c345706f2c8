import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Unit } from './formatNumber.ts';
import { linearTicks, logTicks, tickLabels } from './ticks.ts';

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

test.each<[readonly number[], Unit, 'linear' | 'log', readonly string[]]>([
  [[0, 0.05, 0.1], 'rate', 'linear', ['0.00', '0.05', '0.10']],
  [[0, 1000, 2000], 'step', 'linear', ['0', '1,000', '2,000']],
  [[0, 2e-7, 4e-7], 'rate', 'linear', ['0', '2e-7', '4e-7']],
  [[1.5e6, 2e6], 'number', 'linear', ['1.5e6', '2e6']],
  [[0.97, 0.975, 0.98], 'share', 'linear', ['97.0 %', '97.5 %', '98.0 %']],
  [[0, 30, 60], 'seconds', 'linear', ['0 s', '30 s', '60 s']],
  [[0, 1800, 3600], 'seconds', 'linear', ['0 min', '30 min', '60 min']],
  [[0, 0.002, 0.004], 'seconds', 'linear', ['0 ms', '2 ms', '4 ms']],
  [[0, 500_000, 1_000_000], 'bytes', 'linear', ['0.0 MB', '0.5 MB', '1.0 MB']],
  [[-0.5, 0, 0.5], 'return', 'linear', ['−0.5', '0.0', '0.5']],
  [[0.30000000000000004], 'nats', 'linear', ['0.3']],
  [[1e-5, 1e-3, 0.1], 'rate', 'log', ['1e-5', '0.001', '0.1']],
])('%s as %s on a %s axis', (ticks, unit, type, labels) => {
  expect(tickLabels(ticks, unit, type)).toEqual(labels);
});

test('neighbours never have the same label', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.constantFrom<Unit>('share', 'rate', 'seconds', 'bytes', 'number'),
      (min, size, unit) => {
        // As fine as doubles are there, and a label has room for.
        fc.pre(size > Math.abs(min) * 1e-6);
        const labels = tickLabels(linearTicks(min, min + size, 5), unit);
        expect(new Set(labels).size).toBe(labels.length);
      },
    ),
  );
});
