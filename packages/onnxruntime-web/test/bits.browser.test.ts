import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { bitsAfterFineTuning, bitsAfterTraining, expectedBits, expectedFineTuningBits } from './bits.ts';

ort.env.wasm.numThreads = 1;

test('200 updates end with the same bits in a page as in Node', async () => {
  expect(await bitsAfterTraining(ort)).toBe(expectedBits);
});

test('so does fine-tuning with all that could differ', async () => {
  expect(await bitsAfterFineTuning(ort)).toBe(expectedFineTuningBits);
});
