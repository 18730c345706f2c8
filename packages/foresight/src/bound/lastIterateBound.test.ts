import { cosineDecay, linear, stableDecay, warmup } from '@anneal/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact, norms, shapes } from '../../test/exact.ts';
import { lastIterateBound } from './lastIterateBound.ts';

const relative = (value: number, right: number): number => Math.abs(value - right) / right;

describe('the bound of the last iterate', () => {
  test.each(exact.bounds)('of $shape under gradients $norm over $steps agrees with 50 digits', (recorded) => {
    const { shape, norm, steps } = recorded;
    const { distanceTerm, gradientTerm, bestBound } = lastIterateBound((t) => shapes[shape](t, steps), {
      steps,
      gradientNorm: norms[norm],
      at: [steps],
    });
    expect(relative(distanceTerm[0]!, recorded.distanceTerm)).toBeLessThan(1e-12);
    expect(relative(gradientTerm[0]!, recorded.gradientTerm)).toBeLessThan(1e-12);
    expect(relative(bestBound, recorded.bestBound)).toBeLessThan(1e-12);
  });

  test('of a constant is D²/2γT + γ/2 + γ/2·H_{T−1}', () => {
    const { bound, distanceTerm } = lastIterateBound(0.3, { steps: 500, distance: 2, at: [1, 7, 500] });
    const harmonic = (n: number): number => (n === 0 ? 0 : 1 / n + harmonic(n - 1));
    for (const [i, steps] of [1, 7, 500].entries()) {
      expect(relative(distanceTerm[i]!, 4 / (2 * 0.3 * steps))).toBeLessThan(1e-13);
      expect(relative(bound[i]!, 4 / (2 * 0.3 * steps) + 0.15 + 0.15 * harmonic(steps - 1))).toBeLessThan(1e-13);
    }
  });

  test('with its best peak ranks the families as practice does, and linear decay goes to 2/√T', () => {
    const best = (schedule: (step: number) => number, steps = 1000): number =>
      Math.sqrt(steps) * lastIterateBound(schedule, { steps, at: [steps] }).bestBound;
    const cooldown = stableDecay({ initValue: 1, stableSteps: 800, decaySteps: 200 });
    const order = [
      () => 1,
      cooldown,
      cosineDecay({ initValue: 1, decaySteps: 1000 }),
      linear({ initValue: 1, endValue: 0, decaySteps: 1000 }),
    ];
    expect(order.map((schedule) => Number(best(schedule).toFixed(2)))).toEqual([2.91, 2.17, 2.06, 2.01]);
    const long = linear({ initValue: 1, endValue: 0, decaySteps: 100_000 });
    // What is left falls as ln T / T.
    expect(Math.abs(best(long, 100_000) - 2)).toBeLessThan((1.5 * Math.log(100_000)) / 100_000);
  });

  test('is least at its best peak', () => {
    const shape = cosineDecay({ initValue: 0.2, decaySteps: 300 });
    const options = { steps: 300, distance: 3, gradientNorm: 0.5, at: [300] };
    const { bestScale, bestPeak, bestBound } = lastIterateBound(shape, options);
    const at = (scale: number): number => lastIterateBound((t) => scale * shape(t), options).bound[0]!;
    expect(bestPeak).toBeCloseTo(0.2 * bestScale, 14);
    expect(at(bestScale)).toBeCloseTo(bestBound, 12);
    expect(Math.min(at(0.99 * bestScale), at(1.01 * bestScale))).toBeGreaterThan(bestBound);
  });

  test('does not move with updates at rate 0 after the last that moves, and is infinite before the first', () => {
    const rates = [0, 0.5, 0.25, 0, 0];
    const { at, bound } = lastIterateBound((t) => rates[t]!, { steps: 5, at: [1, 2, 3, 4, 5] });
    expect([...at]).toEqual([1, 2, 3, 4, 5]);
    expect(bound[0]).toBe(Infinity);
    expect(bound[3]).toBe(bound[2]);
    expect(bound[4]).toBe(bound[2]);
    const never = lastIterateBound(0, { steps: 3 });
    expect([never.bestScale, never.bestPeak, never.bestBound]).toEqual([Infinity, Infinity, Infinity]);
  });

  test('scales as it must: rates and norms against each other, the distance by its square', () => {
    const numbers = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 100, noNaN: true }), (etas, scale) => {
        const bound = (factor: number, gradientNorm: number, distance: number) =>
          lastIterateBound((t) => factor * etas[t]!, { steps: etas.length, gradientNorm, distance }).bestBound;
        // With the best scale the bound is D·G times what the shape alone decides.
        expect(relative(bound(scale, 1, 1), bound(1, 1, 1))).toBeLessThan(1e-12);
        expect(relative(bound(1, scale, 1), scale * bound(1, 1, 1))).toBeLessThan(1e-12);
        expect(relative(bound(1, 1, scale), scale * bound(1, 1, 1))).toBeLessThan(1e-12);
      }),
    );
  });

  test('is spread over the run by the logarithm, and always ends at its end', () => {
    const { at } = lastIterateBound(0.1, { steps: 1000, at: 4 });
    expect([...at]).toEqual([6, 32, 178, 1000]);
    expect([...lastIterateBound(0.1, { steps: 3 }).at]).toEqual([1, 2, 3]);
    expect([...lastIterateBound(0.1, { steps: 9, at: [2, 5] }).at]).toEqual([2, 5, 9]);
  });

  test.each([
    [() => lastIterateBound(0.1, { steps: 0 }), 'steps must be an integer from 1 to 50000000; received 0'],
    [() => lastIterateBound(0.1, { steps: 2.5 }), 'steps must be an integer'],
    [
      () => lastIterateBound(() => Number.NaN, { steps: 2 }),
      'schedule must be a finite number >= 0 at each of the 2 steps',
    ],
    [() => lastIterateBound((t) => 1 - t, { steps: 5 }), 'also at step 2; received -1'],
    [() => lastIterateBound('0.1' as never, { steps: 5 }), 'schedule must be a schedule or a number; received "0.1"'],
    [() => lastIterateBound(0.1, { steps: 5, distance: 0 }), 'distance must be a finite number > 0; received 0'],
    [() => lastIterateBound(0.1, { steps: 3, gradientNorm: [1, 2] }), 'also at step 2; received undefined'],
    [
      () => lastIterateBound(0.1, { steps: 5, at: [3, 2] }),
      'at must be a rising list of integers from 1 to the 5 steps',
    ],
    [() => lastIterateBound(0.1, { steps: 5, at: [6] }), 'at must be a rising list'],
    [() => lastIterateBound(0.1, { steps: 5, at: [] }), 'at must be a rising list'],
    [() => lastIterateBound(0.1, { steps: 5, norms: [1] } as never), 'unknown option "norms"'],
    [() => lastIterateBound(0.1, { steps: 5, at: 0 }), 'at must be an integer >= 1'],
  ])('refuses what it cannot take %#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});

test('durations relative to the run are resolved to it', () => {
  const late = warmup({ warmupSteps: '10%', schedule: cosineDecay({ initValue: 0.1, decaySteps: '90%' }) });
  const known = warmup({ warmupSteps: 20, schedule: cosineDecay({ initValue: 0.1, decaySteps: 180 }) });
  expect(lastIterateBound(late, { steps: 200 })).toEqual(lastIterateBound(known, { steps: 200 }));
  const inEpochs = cosineDecay({ initValue: 0.1, decaySteps: '3ep' });
  expect(() => lastIterateBound(inEpochs, { steps: 200 })).toThrow('stepsPerEpoch');
});
