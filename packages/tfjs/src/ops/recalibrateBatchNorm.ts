import { dispose, tidy, zerosLike, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { TensorLike } from '../optimizer.ts';

/** The part of a model of tfjs-layers that this needs. */
export interface NormalizedModel {
  readonly layers: readonly object[];
  apply(inputs: never, kwargs?: { training: boolean }): unknown;
}

interface BatchNorm {
  /** The share of the statistics that a batch keeps. */
  momentum: number;
  movingMean: { read(): Tensor };
  movingVariance: { read(): Tensor };
}

const isBatchNorm = (layer: object): layer is BatchNorm =>
  'movingMean' in layer && 'movingVariance' in layer && 'momentum' in layer;

/**
 * Makes the statistics of batch normalisation anew for the weights that a model has now: their mean over the batches, as
 * PyTorch's `update_bn` makes it (Izmailov et al. 2018, section 3.2). Call it while the average is swapped in. Weights
 * stay as they are; dropout is active. The statistics do not go back when the weights are swapped back: where training
 * goes on, `snapshotTraining` before the swap and `restore` after it.
 *
 * @param batches Inputs of the model, a batch each; they are not disposed.
 *
 * @example
 * average.swap();
 * recalibrateBatchNorm(model, batches);
 * await model.save('indexeddb://averaged');
 */
export function recalibrateBatchNorm(model: NormalizedModel, batches: Iterable<TensorLike | TensorLike[]>): void {
  const norms = model.layers.filter(isBatchNorm);
  if (norms.length === 0) return;
  const momenta = norms.map(({ momentum }) => momentum);
  for (const { movingMean, movingVariance } of norms)
    for (const statistic of [movingMean, movingVariance])
      tidy(() => (statistic.read() as Variable).assign(zerosLike(statistic.read())));
  let seen = 0;
  try {
    for (const batch of batches) {
      // new = old·m + batch·(1 − m) with m = n/(n + 1) is the mean over the n + 1 batches so far.
      for (const norm of norms) norm.momentum = seen / (seen + 1);
      seen++;
      dispose(tidy(() => model.apply(batch as never, { training: true }) as Tensor));
    }
  } finally {
    norms.forEach((norm, i) => (norm.momentum = momenta[i]!));
  }
}
