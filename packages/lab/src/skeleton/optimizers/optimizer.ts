import { known } from '../../labError.ts';

/**
 * Hyperparameters that a plan leaves open; those that an optimizer does not have are absent. Both backends are given
 * every number, none is left to a framework's default.
 */
export interface OptimizerSettings {
  readonly momentum?: number;
  /** RMSprop's share of the old mean square. */
  readonly decay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled: w ← w·(1 − rate·weightDecay). */
  readonly weightDecay?: number;
}

/**
 * The optimizers that every backend has, with the settings used where a plan has no track for them.
 *
 * Adam's β₂ is 1 − 2⁻¹⁰ ≈ 0.999, whose first powers float32 holds: tfjs corrects the bias by 1 − ∏β₂ in float32, which
 * from 0.999 leaves four digits in the first updates, too few for backends to agree.
 */
export const optimizers: Readonly<{
  sgd: OptimizerSettings;
  momentum: Pick<All, 'momentum'>;
  rmsprop: Pick<All, 'decay' | 'epsilon'>;
  adam: Pick<All, 'beta1' | 'beta2' | 'epsilon'>;
  adamw: Pick<All, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;
}> = {
  sgd: {},
  momentum: { momentum: 0.9 },
  rmsprop: { decay: 0.9, epsilon: 1e-7 },
  adam: { beta1: 0.9, beta2: 0.9990234375, epsilon: 1e-7 },
  adamw: { beta1: 0.9, beta2: 0.9990234375, epsilon: 1e-7, weightDecay: 0.01 },
};

type All = Required<OptimizerSettings>;

export type OptimizerName = keyof typeof optimizers;

/** The optimizer's name, checked; throws a LabError that lists those that exist. */
export function optimizerNamed(name: string): OptimizerName {
  known('optimizer', name, optimizers);
  return name as OptimizerName;
}
