import { check } from '@anneal/core/options';
import { clipByValue as clip, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { positive } from './positive.ts';
import type { UpdateHook } from '../updateHook.ts';

/**
 * Clips each element of each gradient to [−limit, limit].
 *
 * @example
 * bindOptimizer(tf.train.sgd(0.1), 0.1, { hooks: [clipByValue(0.5)] });
 */
export function clipByValue(limit: number): UpdateHook {
  check('clipByValue', 'limit', positive('clipByValue(0.5)'), limit, { path: '' });
  return {
    name: 'clipByValue',
    update(gradients, _, next) {
      tidy(() =>
        next(gradients.map(({ name, tensor }) => ({ name, tensor: tensor && clip(tensor as Tensor, -limit, limit) }))),
      );
    },
  };
}
