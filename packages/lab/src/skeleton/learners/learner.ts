import type { GroupValues, Scheduler } from '@anneal/core';
import type { Batch, Values } from '../data/batch.ts';

/** What a stretch of updates did. */
export interface Trained {
  /** Loss of each update, before it was applied. As many as updates were made; all finite. */
  readonly losses: readonly number[];
  /**
   * What the framework really used, read back from it after each update: an optimizer's field, an output of the graph,
   * never a copy from the scheduler. At least the learning rate (float32), and other tracks of the plan where the
   * framework tells them.
   */
  readonly applied: readonly GroupValues[];
  /** True if the next update's loss was not finite. It is not counted, and the learner has to be loaded before it goes on. */
  readonly diverged?: boolean;
}

/** One backend that trains one model under one plan: the seam between the lab's loop and an adapter. */
export interface Learner {
  /** As it was asked for: `"tfjs"`. */
  readonly backend: string;
  /** What drives it; its step is the number of updates made. */
  readonly scheduler: Scheduler;
  /**
   * Makes one update for each batch, in order. Ends early, without error, when `signal` is aborted or a loss is not
   * finite; `losses` then holds as many as were made.
   */
  train(batches: readonly Batch[], options?: { readonly signal?: AbortSignal }): Promise<Trained>;
  /** Logits, one row for each example. */
  predict(inputs: Values<Float32Array>): Promise<Float32Array>;
  /** The trainable weights, one array for each of the model's parameters. */
  weights(): Promise<Float32Array[]>;
  /** Everything needed to go on: weights, the optimizer's state, the scheduler. */
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array): Promise<void>;
  dispose(): Promise<void>;
}
