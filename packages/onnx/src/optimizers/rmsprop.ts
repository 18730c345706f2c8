import { add, div, mul, sqrt, sub } from '../graph/arithmetic.ts';
import { OnnxError } from '../onnxError.ts';
import { checkRange, common, type CommonOptions, type Optimizer } from './optimizer.ts';
import { coupled } from './sgd.ts';

export interface RmspropOptions extends CommonOptions {
  /** α in [0, 1), the weight of the old mean of g² (`rho` in Keras, `decay` in tfjs). Default 0.99. */
  readonly alpha?: number;
  /** ε > 0. Default 1e-8. */
  readonly epsilon?: number;
  /** √v + ε ("outside", PyTorch) or √(v + ε) ("inside", TensorFlow and tfjs). Default "outside". */
  readonly epsilonPlacement?: 'outside' | 'inside';
  /** μ in [0, 1) where the plan has no momentum track. Default: no momentum, no buffer, and no such track. */
  readonly momentum?: number;
  /**
   * Where the rate stands when there is momentum: buf ← μ·buf + u, w ← w − lr·buf ("outside", PyTorch), or buf ← μ·buf + lr·u,
   * w ← w − buf ("inside", TensorFlow and tfjs: past rates stay in the buffer). Default "outside".
   */
  readonly learningRatePlacement?: 'outside' | 'inside';
  /** Divide by the standard deviation, v − (mean g)², instead of the root mean square. Default false. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Tieleman & Hinton 2012): v ← α·v + (1 − α)·g²; u = g/(√v + ε); w ← w − lr·u.
 *
 * The defaults are PyTorch's. tfjs's `tf.train.rmsprop(lr, decay, momentum, epsilon)` is
 * `rmsprop({ alpha: decay, momentum, epsilon, epsilonPlacement: 'inside', learningRatePlacement: 'inside' })`.
 *
 * @throws OnnxError `argument` for an option outside its range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, epsilonPlacement = 'outside', learningRatePlacement = 'outside' } = options;
  const { momentum, centered = false, weightDecay = 0, l2 = 0 } = options;
  const chosen = common('rmsprop', options, [
    'alpha',
    'epsilon',
    'epsilonPlacement',
    'momentum',
    'learningRatePlacement',
    'centered',
  ]);
  for (const [option, value] of Object.entries({ epsilonPlacement, learningRatePlacement }))
    if (value !== 'outside' && value !== 'inside')
      throw new OnnxError('argument', 'rmsprop', `${option} must be "outside" or "inside"; received ${String(value)}`);
  checkRange('rmsprop', 'alpha', alpha, 'in [0, 1)');
  checkRange('rmsprop', 'epsilon', epsilon, '> 0');
  checkRange('rmsprop', 'momentum', momentum ?? 0, 'in [0, 1)');
  checkRange('rmsprop', 'weightDecay', weightDecay, '>= 0');
  checkRange('rmsprop', 'l2', l2, '>= 0');
  return {
    name: 'rmsprop',
    hyperparameters: { ...(momentum !== undefined && { momentum }), weightDecay },
    slots: ['square_avg', ...(centered ? ['grad_avg'] : []), ...(momentum === undefined ? [] : ['momentum_buffer'])],
    corrections: [],
    ...chosen,
    update(u) {
      const { graph } = u;
      const gradient = coupled(u, l2);
      const average = (slot: string, value: string): string =>
        add(graph, mul(graph, u.slot(slot), alpha), mul(graph, value, 1 - alpha));
      const slots: Record<string, string> = { square_avg: average('square_avg', mul(graph, gradient, gradient)) };
      let variance = slots['square_avg'] as string;
      if (centered) {
        const mean = average('grad_avg', gradient);
        slots['grad_avg'] = mean;
        variance = sub(graph, variance, mul(graph, mean, mean));
      }
      const scale =
        epsilonPlacement === 'inside'
          ? sqrt(graph, add(graph, variance, epsilon))
          : add(graph, sqrt(graph, variance), epsilon);
      const rate = u.hyper('learningRate');
      const inside = momentum !== undefined && learningRatePlacement === 'inside';
      let direction = div(graph, inside ? mul(graph, gradient, rate) : gradient, scale);
      if (momentum !== undefined) {
        direction = add(graph, mul(graph, u.slot('momentum_buffer'), u.hyper('momentum')), direction);
        slots['momentum_buffer'] = direction;
      }
      return { parameter: sub(graph, u.parameter, inside ? direction : mul(graph, direction, rate)), slots };
    },
  };
}
