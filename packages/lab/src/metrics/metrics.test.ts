import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch } from '../data/tensor.ts';
import { accuracy } from './accuracy.ts';
import { crossEntropy } from './crossEntropy.ts';
import { excessRisk } from './excessRisk.ts';
import type { MeanState } from './mean.ts';
import { meanReturn } from './meanReturn.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import type { Metric } from './metric.ts';
import { perplexity } from './perplexity.ts';

const floats = (dims: number[], ...data: number[]) => ({ data: Float32Array.from(data), dims });
const labels = (...data: number[]): Batch => ({ labels: { data: Int32Array.from(data), dims: [data.length] } });
const measure = (metric: Metric, ...batches: (readonly [outputs: Batch, batch: Batch])[]): number =>
  metric.value(batches.reduce((state, [outputs, batch]) => metric.add(state, outputs, batch), metric.init()));

test('cross entropy is the mean of −log softmax at the labels, perplexity its exp, accuracy the share of largest logits', () => {
  const outputs = { logits: floats([2, 3], 1, 2, 3, 0, 0, 0) };
  const first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 3;
  expect(measure(crossEntropy(), [outputs, labels(2, 1)])).toBeCloseTo((first + Math.log(3)) / 2, 12);
  expect(measure(perplexity(), [outputs, labels(2, 1)])).toBeCloseTo(Math.exp((first + Math.log(3)) / 2), 12);
  expect(measure(accuracy(), [outputs, labels(2, 1)])).toBe(0.5); // among equal logits the first is taken
});

test('large logits do not overflow, and NaN stays NaN and is never right', () => {
  expect(measure(crossEntropy(), [{ logits: floats([1, 2], 1e30, 0) }, labels(0)])).toBe(0);
  const broken = { logits: floats([1, 2], Number.NaN, 0) };
  for (const metric of [crossEntropy(), perplexity()]) expect(measure(metric, [broken, labels(0)])).toBeNaN();
  expect(measure(accuracy(), [broken, labels(0)])).toBe(0);
});

test('positions before the last axis count alike, those that are ignored not at all, and int64 labels are labels', () => {
  const outputs = { logits: floats([1, 3, 2], 0, 1, 5, 0, 0, 1) };
  const batch: Batch = { labels: { data: BigInt64Array.of(1n, -1n, 0n), dims: [1, 3] } };
  expect(measure(accuracy({ ignoreIndex: -1 }), [outputs, batch])).toBe(0.5);
  const expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(1))) / 2;
  expect(measure(crossEntropy({ ignoreIndex: -1 }), [outputs, batch])).toBeCloseTo(expected, 12);
});

test('returns, risks and squared errors are means over all batches', () => {
  expect(measure(meanReturn(), [{}, { returns: floats([2], 10, 20) }], [{}, { returns: floats([1], 60) }])).toBe(30);
  expect(measure(excessRisk(), [{ excessRisk: floats([2], 1, 2) }, {}])).toBe(1.5);
  const [prediction, target] = [floats([2, 1], 1, 4), floats([2, 1], 0, 2)];
  expect(measure(meanSquaredError(), [{ prediction }, { target }])).toBe(2.5);
});

const all: readonly Metric<MeanState>[] = [accuracy(), crossEntropy(), perplexity()];

test('a split comes to the same however it is cut into batches, and the state is JSON', () => {
  const numbers = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(numbers, fc.nat(), (data, cut) => {
      const rows = Math.floor(data.length / 3);
      const at = 1 + (cut % Math.max(1, rows - 1));
      const part = (from: number, until: number): readonly [Batch, Batch] => [
        { logits: floats([until - from, 3], ...data.slice(3 * from, 3 * until)) },
        labels(...Array.from({ length: until - from }, (_, i) => (from + i) % 3)),
      ];
      for (const metric of all) {
        const whole = measure(metric, part(0, rows));
        const [first, rest] = [part(0, at), part(at, rows)];
        const half = JSON.parse(JSON.stringify(metric.add(metric.init(), ...first))) as MeanState;
        expect(metric.value(metric.add(half, ...rest))).toBeCloseTo(whole, 10);
      }
    }),
  );
});

test('what is missing is named, and nothing at all is NaN', () => {
  expect(() => measure(accuracy(), [{ scores: floats([1, 1], 1) }, labels(0)])).toThrow(
    'accuracy: the model must have an output logits; it has scores',
  );
  expect(() => measure(crossEntropy(), [{ logits: floats([1, 1], 1) }, {}])).toThrow(
    'crossEntropy: the batch must hold labels; it holds nothing',
  );
  expect(() => measure(meanReturn(), [{}, {}])).toThrow('meanReturn: the batch must hold returns; it holds nothing');
  expect(() => measure(meanSquaredError(), [{}, {}])).toThrow('must be there and of one size');
  for (const metric of [...all, meanReturn(), excessRisk(), meanSquaredError()])
    expect(metric.value(metric.init())).toBeNaN();
});
