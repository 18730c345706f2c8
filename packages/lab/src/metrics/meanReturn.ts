import { addTensor } from './addTensor.ts';
import { emptyMean, meanOf, type MeanState } from './mean.ts';
import type { Metric } from './metric.ts';

/** Mean return of the episodes in a batch: Σ of rewards, undiscounted. Reads them from the batch, default "returns". */
export const meanReturn = ({ returns = 'returns' }: { readonly returns?: string } = {}): Metric<MeanState> => ({
  name: 'meanReturn',
  goal: 'max',
  unit: 'return',
  init: emptyMean,
  add: (state, _, batch) => addTensor('meanReturn', 'the batch', state, batch, returns),
  value: meanOf,
});
