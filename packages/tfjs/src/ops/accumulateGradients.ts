import { check, checkOptions, choice, integer } from '@anneal/core/options';
import { add, dispose, keep, mul, scalar, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { NamedGradient } from '../optimizer.ts';
import { refuse } from '../refuse.ts';
import type { UpdateHook } from '../updateHook.ts';

export interface AccumulateOptions {
  /**
   * What becomes of the batches that are left when training ends: an update of their mean gradient, or nothing. Default
   * update. The callbacks of `@anneal/tfjs/layers` say where `fit` ends, `binding.finish()` says it in a loop of your own.
   */
  readonly leftover?: 'update' | 'drop';
}

/** A hook that gathers gradients. */
export interface GradientAccumulation extends UpdateHook {
  readonly microBatches: number;
  readonly leftover: 'update' | 'drop';
}

/**
 * Makes one update of the mean gradient of every `microBatches` batches: a large batch where memory holds a small one.
 *
 * In between neither the schedule nor the optimizer's moments advance: a schedule counts updates, so its length is that
 * of `totalSteps({ …, microBatches })`. It belongs before hooks that act on the gradient of the update, such as clipping.
 * The sums on the way are saved with the training, and go on where it does.
 *
 * @param microBatches Batches for an update, an integer >= 1.
 *
 * @example
 * bindOptimizer(tf.train.adam(1e-3), plan, { hooks: [accumulateGradients(4), clipByGlobalNorm(1)] });
 */
export function accumulateGradients(microBatches: number, options: AccumulateOptions = {}): GradientAccumulation {
  const subject = 'accumulateGradients';
  check(subject, 'microBatches', integer, microBatches, { path: '' });
  const { leftover } = checkOptions(subject, { leftover: [choice('update', 'drop'), 'update'] }, options);
  const sums = new Map<string, Tensor>();
  let count = 0;
  /** The variables of the last batch in their order, then those of earlier ones; none since a saved count was restored. */
  let order: readonly string[] = [];
  /** True while what is left makes an update: then nothing is added. */
  let finishing = false;

  function addGradient(name: string, gradient: Tensor): void {
    const sum = sums.get(name);
    // The first is scaled by 1 to be copied: the caller will dispose its own.
    sums.set(
      name,
      tidy(() => keep(sum === undefined ? mul(gradient, scalar(1)) : add(sum, gradient))),
    );
    sum?.dispose();
  }

  function clear(): void {
    dispose([...sums.values()]);
    sums.clear();
    order = [];
    count = 0;
  }

  const gathered = (): readonly NamedGradient[] => order.map((name) => ({ name, tensor: sums.get(name) }));

  return {
    name: 'accumulateGradients',
    microBatches,
    leftover,
    update(gradients, _, next) {
      const completes = finishing;
      finishing = false;
      if (!completes) {
        for (const { name, tensor } of gradients) if (tensor) addGradient(name, tensor as Tensor);
        order = [...new Set([...gradients.map(({ name }) => name), ...order])];
        count++;
        if (count < microBatches) return;
      }
      tidy(() =>
        next(gathered().map(({ name, tensor }) => ({ name, tensor: tensor && mul(tensor as Tensor, 1 / count) }))),
      );
      clear();
    },
    finish() {
      // Restored, and no batch since: it belongs to the training that goes on.
      if (order.length === 0) return undefined;
      if (leftover === 'drop') {
        clear();
        return undefined;
      }
      finishing = true;
      return gathered();
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
      order = [];
    },
    tensors: () => Object.fromEntries(sums),
    restoreTensors(tensors, rename) {
      dispose([...sums.values()]);
      sums.clear();
      for (const [name, sum] of Object.entries(tensors)) addGradient(rename(name), sum as Tensor);
    },
  };
}
