import { createScheduler } from '@anneal/core';
import { hint } from '@anneal/core/options';
import {
  checkModel,
  inferenceMode,
  isOtherFloat,
  ownStatistics,
  raiseOpset,
  sizeOf,
  standardRules,
  webgpuRules,
  withoutDropout,
  readModel,
  type Model,
} from '@anneal/onnx';
import { averaging } from './averages.ts';
import { shapesOf } from './batch.ts';
import { checkCount } from './checkCount.ts';
import { checkTrainerArguments } from './checkArguments.ts';
import type { Recipe } from './compile.ts';
import { scheduledTracks } from './hyperparameterInputs.ts';
import type { Ort } from './ort.ts';
import { OrtTrainer } from './ortTrainer.ts';
import { Sessions } from './sessions.ts';
import type { Trainer } from './trainer.ts';
import { TrainerError } from './trainerError.ts';
import type { TrainerOptions } from './trainerOptions.ts';

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
  checkFloats(given);
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

/** Refuses a model whose weights are in a type that gradients are not taken in. */
function checkFloats({ graph }: Model): void {
  const constants = graph.nodes.flatMap(({ attributes }) =>
    [...attributes.values()].flatMap((attribute) => (attribute.kind === 'tensor' ? [attribute.value] : [])),
  );
  const weights = [...graph.initializers.values(), ...constants].filter(({ dims }) => sizeOf(dims) > 1);
  const other = weights.find(({ type }) => isOtherFloat(type));
  if (other === undefined || weights.some(({ type }) => type === 'float32')) return;
  throw new TrainerError(
    'argument',
    'model',
    `its weights are ${other.type}, and it is trained in float32: pass toFloat32(model) of @anneal/onnx`,
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
