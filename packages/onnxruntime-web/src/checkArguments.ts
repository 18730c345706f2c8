import { checkKeys, hint, show } from '@anneal/core/options';
import { checkSelector } from '@anneal/onnx';
import { argumentError } from './argumentError.ts';
import type { TrainerOptions } from './trainerOptions.ts';
import type { Ort } from './ort.ts';
import type { RunOptions, WeightsChoice } from './trainer.ts';
import { TrainerError } from './trainerError.ts';

const fail = (path: string, message: string): never => {
  throw new TrainerError('argument', path, message);
};

// A table that the compiler compares with the interface: an option that is missing here does not compile.
const trainerOptions: Readonly<Record<keyof TrainerOptions, true>> = {
  loss: true,
  optimizer: true,
  plan: true,
  horizon: true,
  batch: true,
  trainable: true,
  frozenRows: true,
  stopGradient: true,
  groups: true,
  stepsPerCall: true,
  reports: true,
  accumulate: true,
  device: true,
  clip: true,
  batchNormalization: true,
  average: true,
  seed: true,
  rules: true,
};
const runOptions: Readonly<Record<keyof RunOptions, true>> = {
  signal: true,
  stepsPerCall: true,
  reports: true,
  onStep: true,
};
const weightsChoice: Readonly<Record<keyof WeightsChoice, true>> = { weights: true };

/** What others call options of ours that carry a rate, a loss, an optimizer or data. */
const others = {
  plan: 'lr learningrate schedule scheduler',
  trainable: 'parameters params requiresgrad freeze frozen',
  accumulate: 'gradientaccumulationsteps accumulationsteps accumulategradbatches',
  clip: 'maxgradnorm gradclip clipnorm globalnorm',
  batch: 'batches example sample',
  average: 'ema swa',
};

/**
 * Refuses what is no runtime, no model, no options, or an option that there is not.
 *
 * @throws TrainerError `argument`
 */
export function checkTrainerArguments(ort: Ort, model: unknown, options: TrainerOptions): void {
  if (typeof (ort as Partial<Ort> | undefined)?.InferenceSession?.create !== 'function')
    fail(
      'ort',
      `it must be onnxruntime itself, as import * as ort from 'onnxruntime-web' gives it; received ${show(ort)}`,
    );
  if (model instanceof ArrayBuffer) fail('model', 'it is an ArrayBuffer; pass new Uint8Array(buffer)');
  if (!(model instanceof Uint8Array || (typeof model === 'object' && model !== null && 'graph' in model)))
    fail('model', `it must be the bytes of an .onnx file, or a Model of @anneal/onnx; received ${show(model)}`);
  checkKeys('createTrainer', Object.keys(trainerOptions), options ?? null, (code, path, message, details) => {
    const advice = hint(details.parameter ?? '', Object.keys(trainerOptions), others);
    return argumentError(
      code,
      path,
      message.includes(', write ') ? message : message.replace('; known:', `${advice}; known:`),
      details,
    );
  });
  const { loss, optimizer, batch, device = 'cpu', trainable, groups } = options;
  if (typeof loss !== 'function')
    fail('loss', `it must be a loss, such as softmaxCrossEntropy(); received ${show(loss)}`);
  if (typeof (optimizer as Partial<typeof optimizer> | undefined)?.update !== 'function') {
    const uncalled = typeof optimizer === 'function' ? ', which was perhaps not called' : '';
    fail('optimizer', `it must be an optimizer, such as adam(); received ${show(optimizer)}${uncalled}`);
  }
  if (typeof batch !== 'object' || batch === null)
    fail('batch', `it must be a batch, { x: { data, dims }, … }; received ${show(batch)}`);
  if (device !== 'cpu' && device !== 'webgpu') fail('device', `it must be "cpu" or "webgpu"; received ${show(device)}`);
  if (trainable !== undefined) checkSelector('createTrainer', 'trainable', trainable);
  for (const [name, selector] of Object.entries(groups ?? {})) checkSelector('groups', name, selector);
}

/**
 * Refuses what is no series of batches: a single batch, a number of epochs.
 *
 * @throws TrainerError `argument`
 */
export function checkRunArguments(batches: unknown, options: unknown): void {
  const iterable = Object(batches) as Partial<Record<symbol, unknown>>;
  if (typeof batches === 'string' || !(Symbol.iterator in iterable || Symbol.asyncIterator in iterable)) {
    const advice =
      typeof batches === 'object' && batches !== null ? '; a single batch stands in a list: run([batch])' : '';
    fail('run', `batches must be an array of batches, or another iterable of them; received ${show(batches)}${advice}`);
  }
  checkKeys('run', Object.keys(runOptions), options, argumentError);
}

export const checkWeightsChoice = (subject: string, options: unknown): void =>
  checkKeys(subject, Object.keys(weightsChoice), options, argumentError);
