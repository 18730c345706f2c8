import { expect, test } from 'vitest';
import { bitsAfterTraining, expectedBits } from './bits.ts';
import { ort } from './ort.ts';

test('200 updates end with the recorded bits in Node', async () => {
  expect(await bitsAfterTraining(ort)).toBe(expectedBits);
});
