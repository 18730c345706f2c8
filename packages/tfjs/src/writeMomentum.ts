import type { OptimizerFields } from './optimizerFields.ts';

/**
 * Writes the momentum of an optimizer so that the next update uses it.
 *
 * tfjs's MomentumOptimizer multiplies by the scalar `m`, which only its constructor makes; `setMomentum` changes the
 * field and nothing else. A new scalar is needed, and this package has no tfjs to make one: the optimizer's own
 * `setLearningRate(x)` makes the kept scalar −x in `c`, so it is asked for −momentum, the scalar moves to `m`, and `c`
 * is put back. The field learningRate then holds −momentum: the rate must be written next. RMSProp and duck-typed
 * optimizers read the field.
 */
export function writeMomentum(optimizer: OptimizerFields, momentum: number): void {
  optimizer.momentum = momentum;
  const { c, m } = optimizer;
  if (!c || !m || !optimizer.setLearningRate) return;
  optimizer.c = undefined; // else it is disposed
  optimizer.setLearningRate(-momentum);
  m.dispose();
  optimizer.m = optimizer.c!;
  optimizer.c = c;
}
