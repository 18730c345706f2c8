import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { slicesOf } from '../../data/rows.ts';
import type { Batch } from '../../data/tensor.ts';
import { LabError } from '../../labError.ts';
import { generator } from '../../random/generator.ts';
import type { Source, Split } from '../source.ts';

/** Characters in an example. */
export const length = 32;
/** Batches that are called an epoch: a look at the whole book takes a hundred of them and more. */
const stepsPerEpoch = 100;
/** Examples of validation and test, evenly over their part of the text. */
const looked = 128;

/**
 * Windows of a text, each with the characters that follow its own: drawn at random from the first nine tenths to train on, at fixed places of
 * the twentieths after them for validation and test.
 */
export function textSource(
  text: Int32Array,
  { seed, batchSize }: { readonly seed: number; readonly batchSize: number },
): Source {
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new LabError('invalid', `batchSize must be an integer >= 1; received ${String(batchSize)}`);
  const bounds: Readonly<Record<Split, readonly [number, number]>> = {
    train: [0, Math.floor(0.9 * text.length)],
    validation: [Math.floor(0.9 * text.length), Math.floor(0.95 * text.length)],
    test: [Math.floor(0.95 * text.length), text.length],
  };
  return {
    stepsPerEpoch,
    batch: (step) => {
      const random = generator(seed, 'windows', step);
      const last = bounds.train[1] - length - 1;
      return windows(
        text,
        Array.from({ length: batchSize }, () => uniformInt(random, 0, last)),
      );
    },
    examples: (split) => {
      const [from, to] = bounds[split];
      const room = to - from - length - 1;
      const starts = Array.from({ length: looked }, (_, i) => from + Math.floor((i * room) / (looked - 1)));
      return slicesOf(windows(text, starts), 32);
    },
  };
}

function windows(text: Int32Array, starts: readonly number[]): Batch {
  const dims = [starts.length, length];
  const inputs = new Int32Array(starts.length * length);
  const labels = new Int32Array(starts.length * length);
  starts.forEach((start, i) => {
    inputs.set(text.subarray(start, start + length), i * length);
    labels.set(text.subarray(start + 1, start + length + 1), i * length);
  });
  return { inputs: { data: inputs, dims }, labels: { data: labels, dims } };
}
