import { check } from '@anneal/core/options';
import { addN, div, maximum, mul, scalar, sqrt, square, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { positive } from './positive.ts';
import type { UpdateHook } from '../updateHook.ts';

/**
 * Scales all gradients by one factor so that their joint norm is at most `maxNorm`: g ← g·maxNorm/max(‖g‖, maxNorm) with
 * ‖g‖ = √(Σ over all variables of Σ g²) (Pascanu et al. 2013, https://arxiv.org/abs/1211.5063). Below the limit the
 * factor is exactly 1.
 *
 * Nothing is read back from the device. Gradients that are not finite stay so.
 *
 * @example
 * bindOptimizer(tf.train.adam(1e-3), 1e-3, { hooks: [clipByGlobalNorm(1)] });
 */
export function clipByGlobalNorm(maxNorm: number): UpdateHook {
  check('clipByGlobalNorm', 'maxNorm', positive('clipByGlobalNorm(1)'), maxNorm, { path: '' });
  return {
    name: 'clipByGlobalNorm',
    update(gradients, _, next) {
      const present = gradients.flatMap(({ tensor }) => (tensor ? [tensor as Tensor] : []));
      if (present.length === 0) {
        next(gradients);
        return;
      }
      tidy(() => {
        const norm = sqrt(addN(present.map((gradient) => sum(square(gradient)))));
        const factor = div(scalar(maxNorm), maximum(norm, scalar(maxNorm)));
        next(gradients.map(({ name, tensor }) => ({ name, tensor: tensor && mul(tensor as Tensor, factor) })));
      });
    },
  };
}
