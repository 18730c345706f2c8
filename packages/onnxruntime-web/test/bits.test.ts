import { expect, test } from 'vitest';
import { bitsAfterFineTuning, bitsAfterTraining, expectedBits, expectedFineTuningBits } from './bits.ts';
import { ort } from './ort.ts';

test('200 updates end with the recorded bits in Node', async () => {
  expect(await bitsAfterTraining(ort)).toBe(expectedBits);
});

test('so does fine-tuning with all that could differ', async () => {
  expect(await bitsAfterFineTuning(ort)).toBe(expectedFineTuningBits);
});
