import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact } from '../../test/exact.ts';
import { lastIterateBound } from '../bound/lastIterateBound.ts';
import { refineFromGradientNorms } from './refineFromGradientNorms.ts';
import { slidingMedian } from './slidingMedian.ts';

describe('a moving median', () => {
  test.each(exact.medians)('of width $width is what SciPy has', ({ values, width, medians }) => {
    expect([...slidingMedian(Float64Array.from(values), width)]).toEqual(medians);
  });

  test('is the middle of what it sees', () => {
    const lists = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 20 }), (values, half) => {
        const { length } = values;
        const seen = (i: number): number => values[i < 0 ? 0 : i < length ? i : Math.max(0, 2 * length - 1 - i)]!;
        const expected = values.map((_, i) => {
          const window = Array.from({ length: 2 * half + 1 }, (__, k) => seen(i - half + k));
          return window.sort((a, b) => a - b)[half];
        });
        expect([...slidingMedian(Float64Array.from(values), 2 * half + 1)]).toEqual(expected);
      }),
    );
  });
});

describe('a schedule from gradient norms', () => {
  test('is the one that the formula gives', () => {
    const norms = [4, 2, 1, 1, 2];
    const sgd = refineFromGradientNorms(norms, { smoothing: 0 });
    // w = 1/16, 1/4, 1, 1, 1/4: η = w·(2½, 2¼, 1¼, ¼, 0).
    const rates = [2.5 / 16, 2.25 / 4, 1.25, 0.25, 0];
    rates.forEach((rate, t) => expect(sgd(t)).toBeCloseTo(rate / 1.25, 14));
    const adam = refineFromGradientNorms(norms, { smoothing: 0, optimizer: 'adam', peakValue: 0.3 });
    const weights = [0.25, 0.5, 1, 1, 0.5];
    expect(adam(1) / adam(2)).toBeCloseTo((weights[1]! * 2.5) / (weights[2]! * 1.5), 14);
    expect(Math.max(...norms.map((_, t) => adam(t)))).toBe(0.3);
  });

  test('is better under its norms than linear decay is', () => {
    const norms = Array.from({ length: 400 }, (_, t) => 3 * Math.exp(-t / 20) + 1 / (1 + t / 200));
    const refined = refineFromGradientNorms(norms, { smoothing: 0.02 });
    const best = (schedule: (t: number) => number) =>
      lastIterateBound(schedule, { steps: 400, gradientNorm: norms, at: [400] }).bestBound;
    expect(best(refined)).toBeLessThan(best((t) => 1 - t / 400));
    expect(refined(0)).toBeLessThan(refined(60)); // a warm-up, by itself
  });

  test('of a long run is a table of a thousand knots', () => {
    const schedule = refineFromGradientNorms(new Float64Array(50_000).fill(2));
    expect((schedule.spec as { readonly knots: readonly number[] }).knots.length).toBe(1000);
    expect(schedule(25_000)).toBeCloseTo(0.5, 4);
  });

  test.each([
    [[1], {}, 'norms must be a list of at least 2 gradient norms, one an update; received an array of 1'],
    [[1, 0], {}, 'norms/1 must be a finite number > 0; received 0'],
    [[1, Number.NaN, 2], {}, 'norms/1 must be'],
    [[1, 2], { optimizer: 'lion' }, 'optimizer must be "sgd" or "adam"; received "lion"'],
    [[1, 2], { smoothing: 1 }, 'smoothing must be a share of the run in [0, 1); received 1'],
    [[1, 2], { peakValue: 0 }, 'peakValue must be a finite number > 0; received 0'],
    [[1, 2], { lr: 1 }, 'unknown option "lr"'],
  ])('refuses %j with %j', (norms, options, sentence) => {
    expect(() => refineFromGradientNorms(norms, options as never)).toThrow(sentence);
  });
});
