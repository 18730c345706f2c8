import type { Json, Metrics, RestoreOptions, RunLength, Scheduler, SchedulerState, StepValues } from '@anneal/core';
import type { OptimizerLike } from './optimizer.ts';
import type { UpdateHook } from './updateHook.ts';

/** How a binding starts, and what stands around its updates. */
export interface BindOptions extends RestoreOptions {
  /**
   * The step of the next update. Needed where the optimizer has already run: `'iterations'` if it ran under this plan
   * (after `loadLayersModel`), a number otherwise. Default: 0 on a fresh optimizer.
   */
  readonly startStep?: 'iterations' | number;
  /** Goes on from the state of an earlier binding; the optimizer must hold the weights and moments saved with it. */
  readonly state?: BindingState;
  /** How long the run is, for a plan with durations relative to that (`'10%'`, `'5ep'`): `{ totalSteps, stepsPerEpoch }`. */
  readonly horizon?: RunLength;
  /** Weight decay, clipping and the like from `@anneal/tfjs/ops`, the first outermost. */
  readonly hooks?: readonly UpdateHook[];
}

/** What a binding needs to go on elsewhere, as plain JSON. The optimizer's moments are not in it. */
export interface BindingState {
  readonly version: 1;
  readonly scheduler: SchedulerState;
  /** What the values' way into the optimizer needs: running products of scheduled βs. */
  readonly target: Json;
  /** The states of the hooks, in the order of `hooks`; null for one that has none. */
  readonly hooks: readonly Json[];
}

/** An optimizer under a plan. */
export interface Binding {
  readonly optimizer: OptimizerLike;
  readonly hooks: readonly UpdateHook[];
  readonly scheduler: Scheduler;
  /** The learning rate that the optimizer holds: that of the last update, or of the first before any. */
  readonly learningRate: number;
  /** All values last written into the optimizer. */
  readonly values: StepValues;
  /** Updates made; the next one gets the plan's values at this step. */
  readonly step: number;
  /** Hands metrics to the plan's controllers: those of update t after it was made, when `step` is t + 1. */
  report(metrics: Metrics): void;
  /**
   * Ends what hooks hold back for an update that would need more gradients: as they were told, it is made of what there is
   * or given up. The callbacks do this where `fit` ends; a loop of your own does it after its last batch.
   */
  finish(): void;
  state(): BindingState;
  /** Goes on from the state of an earlier binding; the optimizer must hold the weights and moments saved with it. */
  restore(state: BindingState, options?: RestoreOptions): void;
  /** Gives the optimizer its own `applyGradients` back; it keeps the values last written. */
  detach(): void;
}
