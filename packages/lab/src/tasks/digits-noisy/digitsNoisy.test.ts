import { expect, test } from 'vitest';
import type { Batch } from '../../data/tensor.ts';
import { digitSplits } from '../digits/digitImages.ts';
import { noisySplits } from './digitsNoisy.ts';

const labelsOf = (batch: Batch): number[] => [...(batch['labels']!.data as Int32Array)];
const clean = digitSplits();

test('a fifth of the training labels is drawn anew by the seed, images and the other splits are as they were', () => {
  const [first, again, other] = [noisySplits(1), noisySplits(1), noisySplits(2)];
  expect(first).toEqual(again);
  expect(labelsOf(first.train)).not.toEqual(labelsOf(other.train));
  for (const splits of [first, other]) {
    expect(splits.train['inputs']).toBe(clean.train['inputs']);
    expect([splits.validation, splits.test]).toEqual([clean.validation, clean.test]);
    const wrong = labelsOf(splits.train).filter((label, i) => label !== labelsOf(clean.train)[i]).length;
    // 216 of 1078 are drawn, nine tenths of them to another digit: 194.4 ± 5 · √(216 · 0.09).
    expect(Math.abs(wrong - 194.4)).toBeLessThan(22.1);
  }
  expect(labelsOf(clean.train)).toEqual(labelsOf(digitSplits().train));
});

test('over many seeds every digit is drawn as often as the others, wherever the example stands', () => {
  const drawn = Array.from({ length: 10 }, () => 0);
  const halves = [0, 0];
  const before = labelsOf(clean.train);
  for (let seed = 0; seed < 100; seed += 1)
    labelsOf(noisySplits(seed).train).forEach((label, i) => {
      if (label === before[i]) return;
      drawn[label]! += 1;
      halves[i < before.length / 2 ? 0 : 1]! += 1;
    });
  const total = halves[0]! + halves[1]!;
  // Each digit comes by 21,600 draws · 0.1 · (1 − its own share ≈ 0.1) ≈ 1944 ± 5 standard deviations.
  for (const count of drawn)
    expect(Math.abs(count - total / 10)).toBeLessThan(5 * Math.sqrt(total * 0.09) + 0.002 * total);
  expect(Math.abs(halves[0]! - total / 2)).toBeLessThan(5 * Math.sqrt(total / 4));
});
