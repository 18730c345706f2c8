import type { Params, Resolved } from '@anneal/core';
import type { Optimizer as OnnxOptimizer } from '@anneal/onnx';
import type { UpdateHook } from '@anneal/tfjs';
import type * as tfCore from '@tensorflow/tfjs-core';

/** The settings of a recipe by name, each one given. */
export type OptimizerSettings = Readonly<Record<string, number | boolean | string>>;

/**
 * One optimizer, defined alike on every backend: every number is given, none is left to a framework's default.
 *
 * A backend asks for its own form; one that has none lacks the optimizer and says so. A setting that has the name of a
 * hyperparameter is what is used where the plan has no such track.
 */
export interface OptimizerRecipe<Settings extends object = object> {
  readonly name: string;
  /** What a trial may set, with kinds and defaults. */
  readonly settings: Params<Settings>;
  /** As nodes of a training graph. */
  onnx?(settings: Resolved<Settings>): OnnxOptimizer;
  /** As an optimizer of TensorFlow.js, which is handed in; a binding writes its rate before any update. */
  tfjs?(tf: typeof tfCore, settings: Resolved<Settings>): tfCore.Optimizer;
  /** What stands around its updates there. */
  tfjsHooks?(settings: Resolved<Settings>): Promise<readonly UpdateHook[]>;
}
