import { add, greater, less, mul, sub, where } from '../graph/arithmetic.ts';
import { checkRange, common, type CommonOptions, type Optimizer } from './optimizer.ts';
import { coupled } from './sgd.ts';

export interface LionOptions extends CommonOptions {
  /** β₁ in [0, 1) where the plan has no such track: weight of the momentum in the step. Default 0.9. */
  readonly beta1?: number;
  /** β₂ in [0, 1) where the plan has no such track: weight of the old momentum in the new. Default 0.99. */
  readonly beta2?: number;
}

/**
 * Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2): w ← w − lr·sign(β₁·m + (1 − β₁)·g);
 * m ← β₂·m + (1 − β₂)·g. Every element moves by exactly the rate: use a third to a tenth of Adam's.
 *
 * @throws OnnxError `argument` for an option outside its range.
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0, l2 = 0 } = options;
  const chosen = common('lion', options, ['beta1', 'beta2']);
  checkRange('lion', 'beta1', beta1, 'in [0, 1)');
  checkRange('lion', 'beta2', beta2, 'in [0, 1)');
  checkRange('lion', 'weightDecay', weightDecay, '>= 0');
  checkRange('lion', 'l2', l2, '>= 0');
  return {
    name: 'lion',
    hyperparameters: { beta1, beta2, weightDecay },
    slots: ['exp_avg'],
    corrections: [],
    ...chosen,
    update(u) {
      const { graph } = u;
      const g = coupled(u, l2);
      const m = u.slot('exp_avg');
      const blend = (beta: 'beta1' | 'beta2'): string =>
        add(graph, mul(graph, m, u.hyper(beta)), mul(graph, g, u.complement(beta)));
      const direction = blend('beta1');
      // Not Sign, which WebGPU lacks.
      const sign = where(graph, greater(graph, direction, 0), 1, where(graph, less(graph, direction, 0), -1, 0));
      const step = mul(graph, sign, u.hyper('learningRate'));
      return { parameter: sub(graph, u.parameter, step), slots: { exp_avg: blend('beta2') } };
    },
  };
}
