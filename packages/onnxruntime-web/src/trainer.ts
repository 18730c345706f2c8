import type { RestoreOptions, Scheduler, StepValues } from '@anneal/core';
import type { ParameterSelector } from '@anneal/onnx';
import type { Batch, Output } from './batch.ts';

/** One update, as it is told to `onStep`. */
export interface StepEvent {
  /** Updates made before this one: the step at which the plan was read. */
  readonly step: number;
  /** The loss on this step's batch, before the update. */
  readonly loss: number;
  /** What the update used, see {@link RunResult.applied}. */
  readonly applied: StepValues;
}

export interface RunOptions {
  /** Ends the run before the next call of the runtime. */
  readonly signal?: AbortSignalLike;
  /** This many updates per call of the runtime; one where a controller reads `batchLoss`. Default: that of the trainer. */
  readonly stepsPerCall?: number;
  /** Metrics that you report before the next run, beside those named when the trainer was made. */
  readonly reports?: readonly string[];
  /**
   * Is told of every update that stands, in order. While the state lies on a device, of the last one of a call after the next call: only
   * its loss shows whether the update left finite numbers.
   */
  readonly onStep?: (event: StepEvent) => void;
}

/** Which weights are meant. */
export interface WeightsChoice {
  /**
   * "average" needs the trainer's option `average`. Weights of which no average has been taken yet are the trained ones, and so are running
   * statistics of batch normalisation. Default "trained".
   */
  readonly weights?: 'trained' | 'average';
}

/** The part of an `AbortSignal` that is read. */
export interface AbortSignalLike {
  readonly aborted: boolean;
}

export interface RunResult {
  /** The loss of each update made in this run. */
  readonly losses: Float32Array;
  /**
   * What each update used, every track of the plan in float32: of the base tracks, and of each group that has trained parameters. Learning
   * rates are read back from the graph.
   */
  readonly applied: readonly StepValues[];
  /** Updates made in this run. */
  readonly updates: number;
  /** "diverged": a loss, or what an update left, was not finite. The state is the last one that was good, and its updates are the ones counted. */
  readonly stopped: null | 'aborted' | 'diverged';
  /** The same as a sentence for people, with the loss and the step; null when the batches ended. */
  readonly reason: string | null;
}

/** A tensor that is not trained. */
export interface Untrained {
  readonly name: string;
  readonly reason: string;
}

/** Trains one model on stock onnxruntime; see `createTrainer`. */
export interface Trainer {
  readonly scheduler: Scheduler;
  /** Names of the trained parameters; `unfreeze` adds to them. */
  readonly parameters: readonly string[];
  /** The other float32 tensors of the model, and why they are not trained; `trainable` and `unfreeze` say otherwise. */
  readonly untrained: readonly Untrained[];
  /** What the exporter changed so that it cannot be trained as it was: see `exporterWarnings` of @anneal/onnx. */
  readonly warnings: readonly string[];
  /**
   * One update per batch (per `accumulate` batches). A batch of another shape, such as a short last one, opens a second session, which is kept.
   *
   * @throws TrainerError for a batch that lacks an input, a plan that gives no valid hyperparameter, or one whose controllers read what nobody
   *   reports (`reports` of `createTrainer`).
   */
  run(batches: Iterable<Batch> | AsyncIterable<Batch>, options?: RunOptions): Promise<RunResult>;
  /** The model's outputs for inputs of any batch size that it allows. Dropout is off, batch normalisation uses its running statistics. */
  predict(inputs: Batch, options?: WeightsChoice): Promise<Readonly<Record<string, Output>>>;
  /** The loss on a batch, and the model's outputs, without an update; as `predict`. */
  evaluate(
    batch: Batch,
    options?: WeightsChoice,
  ): Promise<{ readonly loss: number; readonly outputs: Readonly<Record<string, Output>> }>;
  /** The present value of a trained parameter, or of a running statistic of a trained batch normalisation; a copy. */
  parameter(name: string, options?: WeightsChoice): Float32Array;
  /**
   * Trains further parameters from the next update on: those selected, beside the ones trained already, which keep their values, slots and
   * averages bit for bit. The new ones begin with zero slots and bias corrections of their own, as a parameter that is added to an
   * optimizer of PyTorch; batch normalisation among them begins to use the statistics of batches. Returns their names.
   *
   * @throws TrainerError `argument` when it selects nothing new which the loss depends on; OnnxError for an operator without a gradient rule.
   */
  unfreeze(selector: ParameterSelector): Promise<readonly string[]>;
  /** A safetensors file with every state variable, bit for bit, what was unfrozen when, and the scheduler's state. */
  save(): Promise<Uint8Array>;
  /**
   * Goes on from a file that `save` wrote, in a trainer made with the same options; what had been unfrozen is unfrozen again.
   *
   * @throws TrainerError `checkpoint` when it is not of this model and optimizer; ScheduleError when the plan differs and `onPlanChange` is "refuse".
   */
  load(bytes: Uint8Array, options?: RestoreOptions): Promise<void>;
  /** The model as an .onnx file with the trained weights; any runtime opens it. */
  export(options?: WeightsChoice): Promise<Uint8Array>;
  /** Releases the sessions. */
  dispose(): Promise<void>;
}
