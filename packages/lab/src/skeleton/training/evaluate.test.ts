import { expect, test } from 'vitest';
import { score } from './evaluate.ts';

const labels = (...data: number[]) => ({ labels: { data: Int32Array.from(data), shape: [data.length] } });

test('the loss is the mean of −log softmax at the labels, the accuracy the share of largest logits', () => {
  const { loss, accuracy } = score(Float32Array.of(1, 2, 3, 0, 0, 0), labels(2, 1));
  const first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 3;
  expect(loss).toBeCloseTo((first + Math.log(3)) / 2, 12);
  expect(accuracy).toBe(0.5); // among equal logits the first is taken
});

test('large logits do not overflow, and NaN stays NaN', () => {
  expect(score(Float32Array.of(1e30, 0), labels(0)).loss).toBe(0);
  expect(score(Float32Array.of(Number.NaN, 0), labels(0)).loss).toBeNaN();
});
