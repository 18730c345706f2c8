export { bindOptimizer, type Binding, type BindingState, type BindOptions } from './bindOptimizer.ts';
export type { Gradients, NamedGradient, OptimizerLike, TensorLike } from './optimizer.ts';
export type { Next, Update, UpdateHook } from './updateHook.ts';
