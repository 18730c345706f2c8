import { add, mul, sub } from '../graph/arithmetic.ts';
import { checkRange, common, type CommonOptions, type Optimizer, type UpdateContext } from './optimizer.ts';

/** The gradient with coupled decay added: g + l2·w. */
export const coupled = ({ graph, gradient, parameter }: UpdateContext, l2: number): string =>
  l2 === 0 ? gradient : add(graph, gradient, mul(graph, parameter, l2));

/**
 * Gradient descent: w ← w − lr·g.
 *
 * @throws OnnxError `argument` for a negative `weightDecay` or `l2`.
 */
export function sgd(options: CommonOptions = {}): Optimizer {
  const { weightDecay = 0, l2 = 0 } = options;
  const chosen = common('sgd', options, []);
  checkRange('sgd', 'weightDecay', weightDecay, '>= 0');
  checkRange('sgd', 'l2', l2, '>= 0');
  return {
    name: 'sgd',
    hyperparameters: { weightDecay },
    slots: [],
    corrections: [],
    ...chosen,
    update(u) {
      const step = mul(u.graph, coupled(u, l2), u.hyper('learningRate'));
      return { parameter: sub(u.graph, u.parameter, step), slots: {} };
    },
  };
}
