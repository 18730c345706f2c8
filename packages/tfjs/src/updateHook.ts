import type { GroupValues, Hyperparameter, Json, StepValues } from '@anneal/core';
import type { NamedGradient, TensorLike } from './optimizer.ts';

/** An update about to be made. */
export interface Update {
  /** Updates made before this one. */
  readonly step: number;
  /** The hyperparameters in force, the learning rate rounded to float32 as the optimizer has it. */
  readonly values: StepValues;
  /** The same for one variable: those of its group where the optimizer has groups. */
  readonly valuesOf: (variable: string) => GroupValues;
}

/** Goes on to the next hook and at last to the optimizer. True if the update was made, false if a hook skipped it. */
export type Next = (gradients: readonly NamedGradient[]) => boolean;

/**
 * Something that stands around every update: weight decay, clipping, accumulation, averaging.
 *
 * `update` receives the gradients and must call `next` with those to go on with. What it does before `next` happens
 * before the optimizer's own update, what it does after happens after. Not calling `next` skips the update: neither the
 * schedule nor the optimizer's moments advance.
 */
export interface UpdateHook {
  /** Tells hooks apart: a saved training goes on only with the same ones. */
  readonly name: string;
  /** Tracks of a plan that this hook reads itself, so that the optimizer need not have them. */
  readonly tracks?: readonly Hyperparameter[];
  update(gradients: readonly NamedGradient[], update: Update, next: Next): void;
  /** How many times `update` is called for one update of the optimizer; default 1. */
  readonly microBatches?: number;
  /** Whether those left over where training ends make an update; default update. */
  readonly leftover?: 'update' | 'drop';
  /**
   * Training ends here: gives up what has been gathered for an update that was not completed, or returns the gradients
   * with which `update` shall be called once more to complete it.
   */
  finish?(): readonly NamedGradient[] | undefined;
  /** What it used of its tracks in the last update, by variable; what it left alone is not among them. */
  applied?(): Readonly<Record<string, Partial<GroupValues>>>;
  /** What must be saved to go on bit for bit, as far as it is plain data. */
  state?(): Json;
  restore?(state: Json): void;
  /** What must be saved to go on bit for bit, as far as it is tensors: the live ones, by path. */
  tensors?(): Readonly<Record<string, TensorLike>>;
  /** Takes copies of saved tensors; `rename` gives the present name of a variable. */
  restoreTensors?(tensors: Readonly<Record<string, TensorLike>>, rename: (name: string) => string): void;
}
