import { createScheduler, type PlanLike, type RunLength } from '@anneal/core';
import { hint } from '@anneal/core/options';
import {
  checkModel,
  inferenceMode,
  ownStatistics,
  raiseOpset,
  standardRules,
  webgpuRules,
  withoutDropout,
  readModel,
  type Clipping,
  type GradientRule,
  type Loss,
  type Model,
  type Optimizer,
  type ParameterSelector,
} from '@anneal/onnx';
import { averaging, type AverageOptions } from './averages.ts';
import { shapesOf, type BatchLike } from './batch.ts';
import { checkCount } from './checkCount.ts';
import { checkTrainerArguments } from './checkArguments.ts';
import type { Recipe } from './compile.ts';
import { scheduledTracks } from './hyperparameterInputs.ts';
import type { Ort } from './ort.ts';
import { OrtTrainer } from './ortTrainer.ts';
import { Sessions } from './sessions.ts';
import type { Trainer } from './trainer.ts';
import { TrainerError } from './trainerError.ts';

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

/**
 * Makes a trainer for a model, on an onnxruntime that the caller passes: `onnxruntime-web/wasm`, or `onnxruntime-node`.
 *
 * Forward pass, gradients and optimizer become one graph that stock onnxruntime runs. Every hyperparameter is an input of it, read from the
 * plan for each update. The model is any forward .onnx file, or one made with `GraphBuilder`.
 *
 * @param model an .onnx file or a model
 * @throws OnnxError when the model is not valid, an operator has no gradient rule, or the plan has a track that the optimizer lacks;
 * TrainerError for a wrong option; ScheduleError when the plan is wrong, or needs a `horizon` that is not given.
 */
export async function createTrainer(ort: Ort, model: Model | Uint8Array, options: TrainerOptions): Promise<Trainer> {
  checkTrainerArguments(ort, model, options);
  const {
    loss,
    optimizer,
    plan,
    horizon = {},
    batch,
    trainable,
    frozenRows = {},
    stopGradient = [],
    stepsPerCall,
    reports = [],
    accumulate = 1,
    device = 'cpu',
    clip,
    batchNormalization = 'batch',
    average,
    seed = 0,
    rules = standardRules,
  } = options;
  if (options.groups !== undefined && optimizer.groups !== undefined) {
    throw new TrainerError(
      'argument',
      'groups',
      'groups stand both in the options and in the optimizer; give them once',
    );
  }
  if (stepsPerCall !== undefined) checkCount('stepsPerCall', stepsPerCall);
  checkCount('accumulate', accumulate);
  if (device === 'webgpu' && accumulate > 1) {
    throw new TrainerError('argument', 'accumulate', 'WebGPU has no Scan to accumulate in; leave it at 1 there');
  }
  if (batchNormalization !== 'batch' && batchNormalization !== 'stored') {
    const received = String(batchNormalization);
    throw new TrainerError('argument', 'batchNormalization', `it must be "batch" or "stored"; received "${received}"`);
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new TrainerError('argument', 'seed', `it must be an integer >= 0; received ${seed}`);
  const given = model instanceof Uint8Array ? readModel(model) : model;
  checkModel(given);
  const forward = ownStatistics(inferenceMode(given));
  checkValues(forward, stopGradient);
  const scheduler = createScheduler(plan, { horizon });
  // Moves nothing, and is refused where a framework's clock moves the scheduler: the trainer counts its own updates.
  scheduler.advance(0);
  const values = scheduler.values();
  const selectors = options.groups ?? optimizer.groups ?? {};
  const groups = Object.fromEntries(
    Object.keys(values.groups ?? {}).map((name) => {
      const selector = Object.hasOwn(selectors, name) ? selectors[name] : undefined;
      if (selector === undefined)
        throw new TrainerError(
          'argument',
          'groups',
          `the plan names the group "${name}"; say which parameters it means`,
        );
      return [name, selector];
    }),
  );
  const recipe: Recipe = {
    original: forward,
    ...withoutDropout(raiseOpset(forward)),
    loss,
    optimizer,
    groups,
    rules: device === 'webgpu' ? [...rules, ...webgpuRules] : rules,
    device,
    clip,
    accumulate,
    batchNormalization,
    average: average && averaging(average),
    seed,
    scheduled: (group) => scheduledTracks(values, group),
    trainable,
    frozenRows,
    stopGradient,
  };
  const joining = { selector: trainable, option: 'trainable', since: scheduler.step } as const;
  return new OrtTrainer(
    ort,
    recipe,
    scheduler,
    { stepsPerCall, reports },
    await Sessions.open(ort, recipe, shapesOf(batch), [], joining),
  );
}

/** Refuses to stop gradients at what no node computes. */
function checkValues({ graph }: Model, names: readonly string[]): void {
  const values = graph.nodes.flatMap(({ outputs }) => outputs);
  const unknown = names.find((name) => !values.includes(name));
  if (unknown !== undefined)
    throw new TrainerError(
      'argument',
      'stopGradient',
      `no node computes a value named "${unknown}"${hint(unknown, values, {})}`,
    );
}
