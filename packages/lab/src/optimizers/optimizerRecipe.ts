import type { Params } from '@anneal/core';
import type { Optimizer as OnnxOptimizer } from '@anneal/onnx';
import type { UpdateHook } from '@anneal/tfjs';
import type * as tfCore from '@tensorflow/tfjs-core';

/** What a trial may set of an optimizer: numbers and choices that a plan has no track for, or leaves open. */
export type OptimizerSettings = Readonly<Record<string, number | boolean | string>>;

/** An optimizer of TensorFlow.js, with what stands around it. */
export interface TfjsOptimizer {
  readonly optimizer: tfCore.Optimizer;
  readonly hooks?: readonly UpdateHook[];
}

/**
 * One optimizer, defined alike on every backend: every number is given, none is left to a framework's default.
 *
 * A backend asks for its own form; one that has none lacks the optimizer and says so.
 */
export interface OptimizerRecipe<S extends OptimizerSettings = OptimizerSettings> {
  readonly name: string;
  /** The settings with their kinds and defaults; what a trial gives is checked by them. */
  readonly settings: Params<S>;
  /** As nodes of a training graph. */
  onnx?(settings: S): OnnxOptimizer;
  /** As an optimizer of TensorFlow.js, which is handed in; its rate is written by a binding before any update. */
  tfjs?(tf: typeof tfCore, settings: S): TfjsOptimizer | Promise<TfjsOptimizer>;
}
