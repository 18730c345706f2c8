import { expect, test } from 'vitest';
import { examplesIn } from '../../data/rows.ts';
import type { Batch } from '../../data/tensor.ts';
import { digitSplits, readImages } from './digitImages.ts';

const labelsOf = (batch: Batch): number[] => [...(batch['labels']!.data as Int32Array)];
const countOf = (labels: readonly number[], digit: number): number => labels.filter((label) => label === digit).length;

test('the images are those of the data set', () => {
  const images = readImages();
  expect(images['inputs']!.dims).toEqual([1797, 64]);
  // Images of each digit, as the description of the data set in scikit-learn's documentation counts them.
  expect(Array.from({ length: 10 }, (_, digit) => countOf(labelsOf(images), digit))).toEqual([
    178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
  ]);
  const inputs = images['inputs']!.data as Float32Array;
  expect(Array.from(inputs.subarray(0, 8), (pixel) => pixel * 16)).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
  expect(inputs.every((pixel) => pixel >= 0 && pixel <= 1 && Number.isInteger(pixel * 16))).toBe(true);
});

test('each image is in one part, and each part has its share of every digit', () => {
  const { train, validation, test: tested } = digitSplits();
  expect([train, validation, tested].map(examplesIn)).toEqual([1078, 360, 359]);
  const described = (part: Batch): string[] =>
    labelsOf(part).map((label, i) => `${label} ${part['inputs']!.data.subarray(64 * i, 64 * (i + 1)).join()}`);
  expect([train, validation, tested].flatMap(described).sort()).toEqual(described(readImages()).sort());
  for (const part of [validation, tested]) {
    for (let digit = 0; digit < 10; digit += 1)
      expect(Math.abs(countOf(labelsOf(part), digit) - countOf(labelsOf(readImages()), digit) / 5)).toBeLessThan(1);
  }
});
