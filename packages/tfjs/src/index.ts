export type { Binding, BindingState, BindOptions } from './binding.ts';
export { bindOptimizer } from './bindOptimizer.ts';
export type { Gradients, NamedGradient, OptimizerLike, TensorLike } from './optimizer.ts';
export type { Next, Update, UpdateHook } from './updateHook.ts';
