import { clipByValue as clip, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { refuse } from '../refuse.ts';
import type { UpdateHook } from '../updateHook.ts';

/**
 * Clips each element of each gradient to [−limit, limit].
 *
 * @example
 * bindOptimizer(tf.train.sgd(0.1), 0.1, { hooks: [clipByValue(0.5)] });
 */
export function clipByValue(limit: number): UpdateHook {
  if (!(limit > 0 && limit < Infinity))
    refuse('invalid', '', `clipByValue: limit must be a number > 0; received ${limit}`, limit);
  return {
    name: 'clipByValue',
    update(gradients, _, next) {
      tidy(() =>
        next(gradients.map(({ name, tensor }) => ({ name, tensor: tensor && clip(tensor as Tensor, -limit, limit) }))),
      );
    },
  };
}
