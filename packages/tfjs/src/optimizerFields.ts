import type { TensorLike } from './optimizer.ts';

/** Fields of the optimizer classes of tfjs. They are protected in its types, and the only place where the values are. */
export interface OptimizerFields {
  learningRate?: number;
  momentum?: number;
  beta1?: number;
  beta2?: number;
  weightDecay?: number;
  decay?: number;
  /** SGD and Momentum: the scalar −learningRate that the update multiplies by. */
  c?: TensorLike | undefined;
  /** Momentum: the scalar that the update multiplies by. */
  m?: TensorLike;
  setLearningRate?(learningRate: number): void;
}
