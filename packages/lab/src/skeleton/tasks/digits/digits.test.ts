import { expect, test } from 'vitest';
import { sizeOf } from '../../data/batch.ts';
import { digits, readImages } from './digits.ts';

test('the images are those of the data set', () => {
  const { inputs, labels } = readImages();
  expect(inputs.shape).toEqual([1797, 64]);
  // Images of each digit, as the description of the data set in scikit-learn's documentation counts them.
  expect(Array.from({ length: 10 }, (_, digit) => labels.data.filter((label) => label === digit).length)).toEqual([
    178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
  ]);
  expect(Array.from(inputs.data.subarray(0, 8), (pixel) => pixel * 16)).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
  expect(inputs.data.every((pixel) => pixel >= 0 && pixel <= 1 && Number.isInteger(pixel * 16))).toBe(true);
});

test('each image is in one part, and each part has its share of every digit', () => {
  const { train, validation, test: tested } = digits.splits();
  expect([train, validation, tested].map(sizeOf)).toEqual([1078, 360, 359]);
  const seen = [train, validation, tested].flatMap(({ inputs, labels }) =>
    Array.from(labels.data, (label, i) => `${label} ${inputs.data.subarray(64 * i, 64 * (i + 1)).join()}`),
  );
  const { inputs, labels } = readImages();
  const all = Array.from(labels.data, (label, i) => `${label} ${inputs.data.subarray(64 * i, 64 * (i + 1)).join()}`);
  expect(seen.sort()).toEqual(all.sort());
  for (const { labels: part } of [validation, tested]) {
    for (let digit = 0; digit < 10; digit += 1) {
      const count = part.data.filter((label) => label === digit).length;
      expect(Math.abs(count - labels.data.filter((label) => label === digit).length / 5)).toBeLessThan(1);
    }
  }
});
