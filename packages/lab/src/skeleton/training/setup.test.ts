import { describe, expect, test } from 'vitest';
import { digits } from '../tasks/digits/digits.ts';
import { createSetup, type SetupOptions } from './setup.ts';

describe('a setup', () => {
  const setup = createSetup({ task: digits, epochs: 3, batchSize: 100, seed: 7 });

  test('knows how long the run is', () => {
    expect([setup.stepsPerEpoch, setup.totalSteps]).toEqual([10, 30]);
  });

  test('gives the batch of any step in any order', () => {
    const forward = Array.from({ length: 30 }, (_, step) => setup.batch(step));
    for (const step of [29, 3, 15, 0, 14]) expect(setup.batch(step)).toEqual(forward[step]);
    expect(forward[3]!.inputs.shape).toEqual([100, 64]);
  });

  test('goes through each example at most once in an epoch, in another order each time', () => {
    const rows = (step: number): string[] => {
      const { inputs } = setup.batch(step);
      return Array.from({ length: 100 }, (_, i) => inputs.data.subarray(64 * i, 64 * (i + 1)).join());
    };
    const epoch = Array.from({ length: 10 }, (_, step) => rows(step)).flat();
    const duplicates = 1078 - new Set(rowsOf(setup.splits.train.inputs.data)).size;
    expect(new Set(epoch).size).toBeGreaterThanOrEqual(1000 - duplicates);
    expect(rows(10)).not.toEqual(rows(0));
  });

  test('draws the same weights for the same seed, within the bounds of the rule', () => {
    const [weight, bias] = setup.initialWeights();
    expect(setup.initialWeights()[0]).toEqual(weight);
    expect(createSetup({ task: digits, seed: 8 }).initialWeights()[0]).not.toEqual(weight);
    const limit = Math.sqrt(6 / 64);
    expect(Math.max(...weight!.map(Math.abs))).toBeLessThanOrEqual(limit);
    // The mean of 8,192 uniform numbers lies within five standard deviations, limit/√(3·8192), of 0.
    expect(Math.abs(weight!.reduce((sum, w) => sum + w, 0) / weight!.length)).toBeLessThan(
      (5 * limit) / Math.sqrt(3 * 8192),
    );
    expect(bias).toEqual(new Float32Array(128));
  });

  test.each([
    [{ epochs: 0 }, 'epochs must be an integer >= 1; received 0'],
    [{ batchSize: 1079 }, 'batchSize must be an integer from 1 to the 1078 training examples; received 1079'],
    [{ seed: -1 }, 'seed must be an integer from 0 to 4294967295; received -1'],
    [{ optimizer: 'lion' as never }, 'unknown optimizer "lion"; known: sgd, momentum, rmsprop, adam, adamw'],
  ] satisfies [Partial<SetupOptions>, string][])('refuses %j', (options, message) => {
    expect(() => createSetup({ task: digits, ...options })).toThrow(message);
  });
});

function rowsOf(data: Float32Array): string[] {
  return Array.from({ length: data.length / 64 }, (_, i) => data.subarray(64 * i, 64 * (i + 1)).join());
}
