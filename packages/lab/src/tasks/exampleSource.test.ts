import { describe, expect, test } from 'vitest';
import { examplesIn } from '../data/rows.ts';
import type { Batch } from '../data/tensor.ts';
import { exampleSource } from './exampleSource.ts';

const numbered = (count: number): Batch => ({
  inputs: { data: Float32Array.from({ length: 2 * count }, (_, i) => i), dims: [count, 2] },
  labels: { data: BigInt64Array.from({ length: count }, (_, i) => BigInt(i)), dims: [count] },
});
const splits = { train: numbered(103), validation: numbered(1030), test: numbered(3) };
const act = () => Promise.reject(new Error('examples need no policy'));
const labels = (batch: Batch): number[] => Array.from(batch['labels']!.data as BigInt64Array, Number);

describe('a source of examples', () => {
  const open = () => exampleSource(splits, { seed: 7, batchSize: 10 });

  test('gives the batch of any step in any order, inputs and labels of the same examples', async () => {
    const source = open();
    const forward = await Promise.all(Array.from({ length: 30 }, async (_, step) => source.batch(step, act)));
    for (const step of [29, 3, 15, 0, 14]) expect(await open().batch(step, act)).toEqual(forward[step]);
    for (const batch of forward) {
      expect(batch['inputs']!.dims).toEqual([10, 2]);
      expect([...(batch['inputs']!.data as Float32Array)]).toEqual(labels(batch).flatMap((n) => [2 * n, 2 * n + 1]));
    }
  });

  test('goes through each example at most once in an epoch, in another order each time and for each seed', async () => {
    const source = open();
    expect(source.stepsPerEpoch).toBe(10);
    const epoch = async (of: typeof source, n: number): Promise<number[]> => {
      const batches = await Promise.all(Array.from({ length: 10 }, async (_, step) => of.batch(10 * n + step, act)));
      return batches.flatMap((batch) => labels(batch));
    };
    const [first, second] = [await epoch(source, 0), await epoch(source, 1)];
    expect(new Set(first).size).toBe(100);
    expect(second).not.toEqual(first);
    expect(await epoch(exampleSource(splits, { seed: 8, batchSize: 10 }), 0)).not.toEqual(first);
  });

  test('shows every example of a split once, in order', async () => {
    const shown: Batch[] = [];
    for await (const batch of open().examples('validation', act)) shown.push(batch);
    expect(shown.map(examplesIn)).toEqual([512, 512, 6]);
    expect(shown.flatMap(labels)).toEqual(Array.from({ length: 1030 }, (_, i) => i));
  });

  test.each([0, 104, 1.5, Number.NaN])('a batch size of %d is refused', (batchSize) => {
    expect(() => exampleSource(splits, { seed: 1, batchSize })).toThrow(
      `batchSize must be an integer from 1 to the 103 training examples; received ${batchSize}`,
    );
  });
});

test('a batch whose tensors do not agree is refused by name', () => {
  const { labels: some } = numbered(4);
  expect(() => examplesIn({ inputs: numbered(3)['inputs']!, labels: some! })).toThrow('inputs has 3, labels has 4');
  expect(() => examplesIn({})).toThrow('it is empty');
});
