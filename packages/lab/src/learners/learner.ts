import type { RestoreOptions, Scheduler, StepValues } from '@anneal/core';
import type { Batch, Tensor } from '../data/tensor.ts';
import type { Predict } from '../tasks/source.ts';

/** What a stretch of updates did. */
export interface Trained {
  /** Loss of each update, before it was applied. As many as updates were made; all finite. */
  readonly losses: Float32Array;
  /**
   * What the framework really used for each update, read back from it: an optimizer's field, an output of the graph, never
   * a copy from the scheduler. Every track of the plan and of its groups that the framework tells, float32.
   */
  readonly applied: readonly StepValues[];
  /** Norm of each update's gradient, where the backend has it without a further read-back. */
  readonly gradientNorms?: Float32Array;
  /** "diverged": the next update's loss was not finite. It is not counted, and the learner has to be loaded before it goes on. */
  readonly stopped: null | 'aborted' | 'diverged';
  /** The same as a sentence for people; null where the batches ended. */
  readonly reason: string | null;
}

/** One backend that trains one model under one plan: the seam between the lab's loop and an adapter. */
export interface Learner {
  /** The backend's name: `"tfjs-wasm"`. */
  readonly backend: string;
  /** What drives it; its step is the number of updates made. */
  readonly scheduler: Scheduler;
  /**
   * Makes one update for each batch, or for each `accumulate` of the trial, in order, and reports `batchLoss` after each
   * where a controller reads it. Ends early, without error, when `signal` is aborted or a loss is not finite.
   */
  train(batches: readonly Batch[], options?: { readonly signal?: AbortSignal }): Promise<Trained>;
  /** The model's outputs by name; what else a batch holds is not read. Of the averaged weights where the trial keeps an average. */
  readonly predict: Predict;
  /** The trained parameters by name, as they are, not averaged. */
  weights(): Promise<Readonly<Record<string, Tensor>>>;
  /** Everything needed to go on: weights, averages, the optimizer's state, the scheduler. */
  save(): Promise<Uint8Array>;
  /** Takes up what was saved under the same plan, or as the options say under another. */
  load(bytes: Uint8Array, options?: RestoreOptions): Promise<void>;
  dispose(): Promise<void>;
}
