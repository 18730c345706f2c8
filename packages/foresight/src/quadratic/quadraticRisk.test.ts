import { cosineDecay } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { exact } from '../../test/exact.ts';
import { sampledRisk } from '../../test/sampledRisk.ts';
import { quadraticRisk, type GradientNoise } from './quadraticRisk.ts';

describe('the risk on a quadratic', () => {
  test.each(exact.risks)(
    'of two eigenvalues under $noise noise, momentum $momentum, batch $batchSize, is the symbolic one',
    ({ noise, variance, batchSize, momentum, rates, risk, exact: representable }) => {
      expect(representable.every(Boolean)).toBe(true);
      const given: GradientNoise =
        noise === 'additive' ? { type: noise, variance } : { type: noise, labelVariance: variance };
      const options = { steps: rates.length, spectrum: [1, 0.5], noise: given, batchSize, momentum };
      expect([...quadraticRisk((t) => rates[t]!, options).risk]).toEqual(risk);
    },
  );

  const schedule = cosineDecay({ initValue: 0.3, decaySteps: 60 });
  const spectrum = [1, 0.4, 0.1];
  test.each<[string, GradientNoise, number, number]>([
    ['additive', { type: 'additive', variance: spectrum }, 0, 1],
    ['additive, momentum', { type: 'additive', variance: [0.5, 0, 2] }, 0.8, 4],
    ['least squares', { type: 'leastSquares', labelVariance: 0.7 }, 0, 2],
    ['least squares, momentum', { type: 'leastSquares', labelVariance: 0.7 }, 0.6, 3],
  ])('is what sampled descent has on average: %s', (_, noise, momentum, batchSize) => {
    const options = { steps: 60, spectrum, noise, momentum, batchSize, initialMoments: [1, 2, 4] };
    const { risk } = quadraticRisk(schedule, options);
    for (const { step, mean, error } of sampledRisk(schedule, options, 4000))
      // Five standard errors of the mean.
      expect(Math.abs(mean - risk[step]!)).toBeLessThan(5 * error);
  });

  test('without noise is that of gradient descent', () => {
    const { risk, moments } = quadraticRisk(0.1, {
      steps: 50,
      spectrum: [2, 1],
      noise: { type: 'additive', variance: 0 },
    });
    expect(risk[50]).toBeCloseTo(0.5 * (2 * 0.8 ** 100 + 0.9 ** 100), 14);
    expect(moments[1]).toBeCloseTo(0.9 ** 100, 14);
  });

  test('settles at ηση/(2(2 − ηλ)) under a constant rate', () => {
    const { risk } = quadraticRisk(0.5, { steps: 300, spectrum: [0.8], noise: { type: 'additive', variance: 3 } });
    expect(risk[300]).toBeCloseTo((0.5 * 3) / (2 * (2 - 0.5 * 0.8)), 13);
  });

  test('grows past every bound where the rate is too large, and is never NaN', () => {
    const { risk } = quadraticRisk(5, { steps: 3000, spectrum: [1, 0.001], momentum: 0.5 });
    expect(risk.every((value) => value >= 0)).toBe(true);
    expect(risk[3000]).toBe(Infinity);
  });

  test('takes a schedule for the momentum', () => {
    const options = { steps: 20, spectrum: [1, 0.1] };
    const fixed = quadraticRisk(0.1, { ...options, momentum: 0.9 });
    expect(quadraticRisk(0.1, { ...options, momentum: () => 0.9 })).toEqual(fixed);
    expect(quadraticRisk(0.1, { ...options, momentum: (t) => (t < 10 ? 0 : 0.9) }).risk[20]).not.toBe(fixed.risk[20]);
  });

  const of = (options: object) => () => quadraticRisk(0.1, { steps: 3, spectrum: [1], ...options });
  test.each([
    [of({ spectrum: [] }), 'spectrum must be a list of at least 1 finite number > 0; received an array of 0'],
    [of({ spectrum: [1, 0] }), 'spectrum must be'],
    [of({ spectrum: [1, '2'] }), 'spectrum must be'],
    [of({ batchSize: 0 }), 'batchSize must be a number >= 1; received 0'],
    [of({ momentum: 1 }), 'momentum must be in [0, 1) at every step; received 1'],
    [of({ noise: { type: 'white' } }), 'noise/type must be "additive" or "leastSquares"; received "white"'],
    [
      of({ noise: { type: 'additive', variance: [1, 2] } }),
      'noise/variance must be a finite number >= 0, or a list of 1',
    ],
    [of({ noise: { type: 'leastSquares', labelVariance: -1 } }), 'noise/labelVariance must be a finite number >= 0'],
    [of({ initialMoments: -1 }), 'initialMoments must be'],
    [of({ lambdas: [1] }), 'unknown option "lambdas"'],
    [of({ noise: { type: 'leastSquares', variance: 1 } }), 'noise: unknown option "variance"'],
    [of({ steps: Infinity }), 'steps must be an integer'],
  ])('refuses what it cannot take %#', (make, sentence) => {
    expect(make).toThrow(`quadraticRisk: ${sentence}`);
  });
});
