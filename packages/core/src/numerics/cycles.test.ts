import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { warmRestarts } from '../schedules/warmRestarts.ts';
import { cycles } from './cycles.ts';

interface Start {
  /** The first step at or after S(i). */
  readonly step: number;
  /** How far S(i) is from the nearest integer. */
  readonly distance: number;
}

/** S(i) = first·Σ factor^k, k < i, exactly, for the factor numerator/denominator. */
function starts(first: bigint, numerator: bigint, denominator: bigint): readonly Start[] {
  const all: Start[] = [];
  // S(i) = sum/denominator^i
  let sum = 0n;
  for (let i = 0n; ; i += 1n) {
    const scale = denominator ** i;
    const step = (sum + scale - 1n) / scale;
    if (step > 2n ** 50n) return all;
    const above = Number(((sum % scale) * 10n ** 15n) / scale) / 1e15;
    all.push({ step: Number(step), distance: Math.min(above, 1 - above) });
    sum = sum * denominator + first * numerator ** i * denominator;
  }
}

const factors = [
  ['2', 2, 2n, 1n],
  ['3', 3, 3n, 1n],
  ['9', 9, 9n, 1n],
  ['10', 10, 10n, 1n],
  ['1.5', 1.5, 3n, 2n],
  ['1.1', 1.1, 11n, 10n],
  ['1.25', 1.25, 5n, 4n],
  ['7/5', 1.4, 7n, 5n],
] as const;

describe.each([1, 7, 10, 64, 1000])('cycles that begin with %i steps', (first) => {
  test.each(factors)('and grow by %s begin at the exact step', (_, factor, numerator, denominator) => {
    const { index, start } = cycles(first, factor);
    const all = starts(BigInt(first), numerator, denominator).map((exact, i) => ({ ...exact, i }));
    // Nearer to an integer than doubles can tell, and not on it: nobody knows on which side.
    const known = all.filter(({ step, distance, i }) => distance === 0 || distance > 2 * (i + 16) * 2 ** -53 * step);
    expect(known.length).toBeGreaterThan(12);
    expect(known.map(({ i }) => Math.ceil(start(i)))).toEqual(known.map(({ step }) => step));
    expect(known.map(({ step }) => index(step))).toEqual(known.map(({ i }) => i));
    expect(known.slice(1).map(({ step }) => index(step - 1))).toEqual(known.slice(1).map(({ i }) => i - 1));
  });

  test('and do not grow begin at every multiple', () => {
    const { index } = cycles(first, 1);
    const cycle = [1, 2, 3, 10, 1e6, 2 ** 40];
    expect(cycle.map((i) => index(i * first))).toEqual(cycle);
    expect(cycle.map((i) => index(i * first - 1))).toEqual(cycle.map((i) => i - 1));
  });
});

test('a restart is the peak exactly, the step before it is not', () => {
  const schedule = warmRestarts({ initValue: 0.3, endValue: 0.01, cycleSteps: 10, cycleFactor: 3 });
  const restarts = [10, 40, 130, 400, 1210, 3640];
  expect(restarts.map(schedule)).toEqual(restarts.map(() => 0.3));
  expect(Math.max(...restarts.map((step) => schedule(step - 1)))).toBeLessThan(0.02);
});

test('a step lies in its cycle, however far out', () => {
  const factors = fc.constantFrom(1, 1.01, 1.1, 1.2, 1.4, 1.5, 2, 3, 9, 10);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      factors,
      fc.nat({ max: 400 }),
      fc.boolean(),
      (first, factor, i, before) => {
        const { index, start } = cycles(first, factor);
        // Where an error would show: at the first step of a cycle, and one before.
        const step = Math.min(2 ** 53, Math.max(0, Math.ceil(start(i)) - (before ? 1 : 0)));
        const cycle = index(step);
        return start(cycle) <= step && step < start(cycle + 1);
      },
    ),
    { numRuns: 2000 },
  );
});
