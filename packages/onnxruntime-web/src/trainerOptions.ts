import type { PlanLike, RunLength } from '@anneal/core';
import type { Clipping, GradientRule, Loss, Optimizer, ParameterSelector } from '@anneal/onnx';
import type { AverageOptions } from './averages.ts';
import type { BatchLike } from './batch.ts';

/** How a trainer is made. */
export interface TrainerOptions {
  /** The loss, as a builder of its graph: `softmaxCrossEntropy()`, `meanSquaredError()`, any function of type `Loss`. */
  readonly loss: Loss;
  /** `sgd()`, `momentum()`, `rmsprop()`, `adam()`, `adamW()`, any value of type `Optimizer`. */
  readonly optimizer: Optimizer;
  /** A schedule, a number, a plan, or a scheduler that stands already. */
  readonly plan: PlanLike;
  /** How long the run is: needed where the plan holds a duration relative to it, `'10%'` or `'5ep'`. It counts updates, as the plan does. */
  readonly horizon?: RunLength;
  /** A batch like those to come, or the dimensions and types of one: the training graph is made and checked for it at once. */
  readonly batch: BatchLike;
  /**
   * Which initializers are trained at first. By default the parameters of the model that the loss depends on: what the file itself calls so,
   * else weights, biases, scales, embeddings and recurrent matrices, no buffers, masks, tables and constants (`initializerRoles` of
   * @anneal/onnx). The trainer lists the rest as `untrained`, with the reasons.
   */
  readonly trainable?: ParameterSelector;
  /**
   * Rows of parameters, along the first axis, that have no gradient and keep their values: `{ 'embedding.weight': [0] }` for PyTorch's
   * `padding_idx=0`, which no file holds.
   */
  readonly frozenRows?: Readonly<Record<string, readonly number[]>>;
  /** Names of values that are constants to the loss, whatever they are computed from: PyTorch's `detach`, which no file holds. */
  readonly stopGradient?: readonly string[];
  /** Which parameters the plan's groups mean; first match wins, the rest take the base tracks. A group may wait for what is unfrozen later. May stand in the optimizer instead. */
  readonly groups?: Readonly<Record<string, ParameterSelector>>;
  /**
   * Updates per call of the runtime where nothing reads `batchLoss` in between; the bits do not depend on it. Default: as many as a call of
   * 30 ms holds, at most 16.
   */
  readonly stepsPerCall?: number;
  /**
   * Metrics that you report to `trainer.scheduler` yourself: `['loss', 'val_loss']`. The trainer reports `batchLoss` after every update; a run
   * under a plan whose controllers read anything else that nobody reports is refused.
   */
  readonly reports?: readonly string[];
  /** Batches whose mean gradient makes one update; the schedule advances by updates. A rest at the end of a run makes one of its own. Default 1. */
  readonly accumulate?: number;
  /** "webgpu" needs an onnxruntime-web with WebGPU; the state then stays on the device while a run lasts. Default "cpu". */
  readonly device?: 'cpu' | 'webgpu';
  readonly clip?: Clipping;
  /**
   * What batch normalisation with a trained scale or bias uses while training. "batch": statistics of the batch, which its running ones
   * follow, as in PyTorch's train mode. "stored": those of the file, unchanged, for fine-tuning with small batches. Frozen layers always
   * use the stored ones. Default "batch".
   */
  readonly batchNormalization?: 'batch' | 'stored';
  /** Keeps an average of the weights beside them, for `weights: 'average'`. */
  readonly average?: AverageOptions;
  /** What the masks of dropout layers are drawn from, an integer >= 0: the same seed gives the same bits. Default 0. */
  readonly seed?: number;
  /** Gradient rules; `[...standardRules, mine]` for more than the standard ones. */
  readonly rules?: readonly GradientRule[];
}
