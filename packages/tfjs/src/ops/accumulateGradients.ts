import { add, dispose, keep, mul, scalar, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { refuse } from '../refuse.ts';
import type { UpdateHook } from '../updateHook.ts';

/**
 * Makes one update of the mean gradient of every `microBatches` batches: a large batch where memory holds a small one.
 *
 * In between neither the schedule nor the optimizer's moments advance. It belongs before hooks that act on the gradient
 * of the update, such as clipping. The sums on the way are saved with the training.
 *
 * @example
 * bindOptimizer(tf.train.adam(1e-3), plan, { hooks: [accumulateGradients(4), clipByGlobalNorm(1)] });
 */
export function accumulateGradients(microBatches: number): UpdateHook {
  if (!(Number.isInteger(microBatches) && microBatches >= 1))
    refuse(
      'invalid',
      '',
      `accumulateGradients: microBatches must be an integer >= 1; received ${microBatches}`,
      microBatches,
    );
  const sums = new Map<string, Tensor>();
  let count = 0;

  function addGradient(name: string, gradient: Tensor): void {
    const sum = sums.get(name);
    // The first is scaled by 1 to be copied: the caller will dispose its own.
    sums.set(
      name,
      tidy(() => keep(sum === undefined ? mul(gradient, scalar(1)) : add(sum, gradient))),
    );
    sum?.dispose();
  }

  return {
    name: 'accumulateGradients',
    update(gradients, _, next) {
      for (const { name, tensor } of gradients) if (tensor) addGradient(name, tensor as Tensor);
      count++;
      if (count < microBatches) return;
      const named = gradients.map(({ name }) => ({ name, sum: sums.get(name) }));
      tidy(() => next(named.map(({ name, sum }) => ({ name, tensor: sum && mul(sum, 1 / microBatches) }))));
      dispose([...sums.values()]);
      sums.clear();
      count = 0;
    },
    state: () => count,
    restore: (state) => {
      if (!(Number.isInteger(state) && (state as number) >= 0 && (state as number) < microBatches))
        refuse(
          'state',
          '',
          `accumulateGradients: the saved count must be >= 0 and < ${microBatches}; received ${JSON.stringify(state)}`,
        );
      count = state as number;
    },
    tensors: () => Object.fromEntries(sums),
    restoreTensors(tensors, rename) {
      dispose([...sums.values()]);
      sums.clear();
      for (const [name, sum] of Object.entries(tensors)) addGradient(rename(name), sum as Tensor);
    },
  };
}
