import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { bitsAfterTraining, expectedBits } from './bits.ts';

test('200 updates end with the same bits in a page as in Node', async () => {
  ort.env.wasm.numThreads = 1;
  expect(await bitsAfterTraining(ort)).toBe(expectedBits);
});
