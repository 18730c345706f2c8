import { clone, dispose, keep, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Training } from './makeup.ts';
import { contentsOf, restoreContents, type TrainingContents } from './training.ts';

/** A training as it was, on the device. */
export interface TrainingSnapshot {
  readonly contents: TrainingContents;
  /** Puts everything back as it was: weights, moments, schedule, controllers, hooks and parts. As often as wanted. */
  restore(): void;
  /** Frees the tensors. */
  dispose(): void;
}

/**
 * Remembers a training: the weights of the best epoch, the state before a range test or before a loss diverged.
 *
 * No number is copied until a weight changes. `model.getWeights()` and `optimizer.getWeights()` would not do: they
 * return the live variables, which go on changing.
 *
 * @example
 * const before = snapshotTraining({ weights: model, binding });
 * await model.fit(xs, ys);
 * before.restore();
 * before.dispose();
 */
export function snapshotTraining(training: Training): TrainingSnapshot {
  const { meta, tensors } = contentsOf(training);
  const kept = tidy(() =>
    Object.fromEntries(Object.entries(tensors).map(([key, tensor]) => [key, keep(clone<Tensor>(tensor))])),
  );
  const contents = { meta, tensors: kept };
  return {
    contents,
    restore: () => restoreContents(training, contents, { onPlanChange: 'takeNew' }),
    dispose: () => dispose(kept),
  };
}
