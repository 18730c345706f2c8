import { examplesIn, rowsOf, slicesOf } from '../data/rows.ts';
import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import { generator } from '../random/generator.ts';
import { permutation } from '../random/permutation.ts';
import type { Source, Split } from './source.ts';

/** Examples to train on, those that guide a run, and those that judge it once at the end. */
export type Splits = Readonly<Record<Split, Batch>>;

/** Examples looked at in one call of a model. */
const together = 512;

/**
 * A source of examples that lie in memory. Each epoch goes through the training examples in an order of its own, drawn by
 * the seed; what does not fill a batch is left out of that epoch.
 *
 * Throws a {@link LabError} where the batch size is not an integer from 1 to the number of training examples.
 */
export function exampleSource(
  splits: Splits,
  { seed, batchSize }: { readonly seed: number; readonly batchSize: number },
): Source {
  const count = examplesIn(splits.train);
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > count) {
    const rule = `an integer from 1 to the ${count} training examples`;
    throw new LabError('invalid', `batchSize must be ${rule}; received ${String(batchSize)}`);
  }
  const stepsPerEpoch = Math.floor(count / batchSize);
  let epochAtHand = -1;
  let order = new Uint32Array();
  return {
    stepsPerEpoch,
    batch: (step) => {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (epoch !== epochAtHand) {
        order = permutation(count, generator(seed, 'order', epoch)) as Uint32Array<ArrayBuffer>;
        epochAtHand = epoch;
      }
      const from = (step - epoch * stepsPerEpoch) * batchSize;
      return rowsOf(splits.train, order.subarray(from, from + batchSize));
    },
    examples: (split) => slicesOf(splits[split], together),
  };
}
