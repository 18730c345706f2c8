import { expect, test } from 'vitest';
import { adamBatchScaling } from './scaleToBatch.ts';

test("Adam's options for batches four times as large", () => {
  const scaled = adamBatchScaling({ batchSize: 1024, baseBatchSize: 256, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
  expect(scaled.learningRateFactor).toBe(2);
  expect(scaled.beta1).toBeCloseTo(0.6, 15);
  expect(scaled.beta2).toBeCloseTo(0.96, 15);
  expect(scaled.epsilon).toBe(5e-9);
});

test.each([
  [{ batchSize: 0, baseBatchSize: 1 }, 'batchSize must be a number > 0; received 0'],
  [{ batchSize: 1, baseBatchSize: Number.NaN }, 'baseBatchSize must be a number > 0; received NaN'],
  [{ batchSize: 1, baseBatchSize: 1, beta2: 1 }, 'beta2 must be a number in [0, 1); received 1'],
  [{ batchSize: 11, baseBatchSize: 1 }, 'batchSize must be at most baseBatchSize/(1−beta1); received 11'],
])('%o is refused', (options, sentence) => {
  expect(() => adamBatchScaling(options)).toThrow(`adamBatchScaling: ${sentence}`);
});
