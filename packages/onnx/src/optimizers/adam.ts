import { add, div, mul, sqrt, sub } from '../graph/arithmetic.ts';
import { checkRange, common, type CommonOptions, type Optimizer } from './optimizer.ts';
import { coupled } from './sgd.ts';

export interface AdamOptions extends CommonOptions {
  /** β₁ in [0, 1) where the plan has no such track. Default 0.9. */
  readonly beta1?: number;
  /** β₂ in [0, 1) where the plan has no such track. Default 0.999. */
  readonly beta2?: number;
  /** ε > 0, added to √(v/c₂). Default 1e-8 (tfjs: 1e-7, and 1e-4 on webgl). */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1): m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²;
 * w ← w − (lr/c₁)·m/(√(v/c₂) + ε) with the bias corrections cᵢ = 1 − ∏βᵢ over all updates, which is 1 − βᵢᵗ for a constant βᵢ and
 * stays right for a scheduled one. The same as PyTorch's `Adam` and tfjs's `adam`.
 *
 * @throws OnnxError `argument` for an option outside its range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamAs('adam', options);
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019): {@link adam} after w ← w·(1 − lr·λ), λ = 0.01 by default as in PyTorch's `AdamW`.
 *
 * @throws OnnxError `argument` for an option outside its range.
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adamAs('adamW', options, 0.01);
}

function adamAs(name: string, options: AdamOptions, decay = 0): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = decay, l2 = 0 } = options;
  const chosen = common(name, options, ['beta1', 'beta2', 'epsilon']);
  checkRange(name, 'beta1', beta1, 'in [0, 1)');
  checkRange(name, 'beta2', beta2, 'in [0, 1)');
  checkRange(name, 'epsilon', epsilon, '> 0');
  checkRange(name, 'weightDecay', weightDecay, '>= 0');
  checkRange(name, 'l2', l2, '>= 0');
  return {
    name,
    hyperparameters: { beta1, beta2, weightDecay },
    slots: ['exp_avg', 'exp_avg_sq'],
    corrections: ['beta1', 'beta2'],
    ...chosen,
    update(u) {
      const { graph } = u;
      const g = coupled(u, l2);
      // x + (1 − β)·(y − x), as PyTorch writes m: each intermediate value takes the memory of the one before.
      const towards = (average: string, value: string, hyperparameter: 'beta1' | 'beta2'): string =>
        add(graph, average, mul(graph, sub(graph, value, average), u.complement(hyperparameter)));
      const v = towards(u.slot('exp_avg_sq'), mul(graph, g, g), 'beta2');
      const m = towards(u.slot('exp_avg'), g, 'beta1');
      // Scalars first, the end of section 2 of the paper with ε·√c₂ for its ε̂: three passes over the parameter fewer than correcting m and v.
      const root = sqrt(graph, u.correction('beta2'));
      const rate = div(graph, mul(graph, u.hyper('learningRate'), root), u.correction('beta1'));
      const scale = add(graph, sqrt(graph, v), mul(graph, root, epsilon));
      const parameter = sub(graph, u.parameter, mul(graph, div(graph, m, scale), rate));
      return { parameter, slots: { exp_avg: m, exp_avg_sq: v } };
    },
  };
}
