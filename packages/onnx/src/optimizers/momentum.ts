import { add, mul, sub } from '../graph/arithmetic.ts';
import { checkRange, common, type CommonOptions, type Optimizer } from './optimizer.ts';
import { coupled } from './sgd.ts';

export interface MomentumOptions extends CommonOptions {
  /** μ in [0, 1) where the plan has no momentum track. Default 0.9. */
  readonly momentum?: number;
  /** Step along g + μ·buf, where the buffer will be next (Sutskever et al. 2013). Default false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent with momentum: buf ← μ·buf + g; w ← w − lr·buf, with Nesterov w ← w − lr·(g + μ·buf).
 * The rate stands outside the buffer, as in PyTorch's `SGD` and tfjs's `momentum`: a new rate takes effect at once.
 *
 * @throws OnnxError `argument` for a momentum outside [0, 1) or a negative `weightDecay` or `l2`.
 */
export function momentum(options: MomentumOptions = {}): Optimizer {
  const { momentum: initial = 0.9, nesterov = false, weightDecay = 0, l2 = 0 } = options;
  const chosen = common('momentum', options, ['momentum', 'nesterov']);
  checkRange('momentum', 'momentum', initial, 'in [0, 1)');
  checkRange('momentum', 'weightDecay', weightDecay, '>= 0');
  checkRange('momentum', 'l2', l2, '>= 0');
  return {
    name: 'momentum',
    hyperparameters: { momentum: initial, weightDecay },
    slots: ['momentum_buffer'],
    corrections: [],
    ...chosen,
    update(u) {
      const { graph } = u;
      const mu = u.hyper('momentum');
      const gradient = coupled(u, l2);
      const buffer = add(graph, mul(graph, u.slot('momentum_buffer'), mu), gradient);
      const direction = nesterov ? add(graph, gradient, mul(graph, buffer, mu)) : buffer;
      const parameter = sub(graph, u.parameter, mul(graph, direction, u.hyper('learningRate')));
      return { parameter, slots: { momentum_buffer: buffer } };
    },
  };
}
