import { check } from '@anneal/core/options';
import { dispose, tidy, zerosLike, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { isObject, rule } from '../checkArguments.ts';
import type { TensorLike } from '../optimizer.ts';
import { refuse } from '../refuse.ts';

/** The part of a model of tfjs-layers that this needs. */
export interface NormalizedModel {
  readonly layers: readonly object[];
  apply(inputs: never, kwargs?: { training: boolean }): unknown;
}

interface BatchNorm {
  /** The share of the statistics that a batch keeps. */
  momentum: number;
  /** Once it is built. */
  movingMean: { read(): Tensor };
  movingVariance: { read(): Tensor };
  call(...passed: unknown[]): unknown;
}

const models = rule<NormalizedModel>(
  'a model of tfjs-layers',
  (value) => isObject(value) && 'layers' in value && 'apply' in value,
);

const isBatchNorm = (layer: object): layer is BatchNorm =>
  'momentum' in layer &&
  ('movingMean' in layer || (layer as { getClassName?(): string }).getClassName?.() === 'BatchNormalization');

/**
 * Makes the statistics of batch normalisation anew for the weights that a model has now: their mean over the batches, as
 * PyTorch's `update_bn` makes it (Izmailov et al. 2018, section 3.2). Call it while the average is swapped in. Weights
 * stay as they are; dropout is active. The statistics do not go back when the weights are swapped back: where training
 * goes on, `snapshotTraining` before the swap and `restore` after it.
 *
 * Layers are found wherever a layer holds another: in nested models, in wrappers, in recurrent cells, in fields of your
 * own layers. One that is called several times for a batch (shared, or once for each step of time) counts each call as a
 * batch, as in PyTorch; one that no batch reaches keeps its statistics. Throws a `ScheduleError` if there is no batch.
 *
 * @param batches Inputs of the model, a batch each; they are not disposed.
 *
 * @example
 * average.swap();
 * recalibrateBatchNorm(model, batches);
 * await model.save('indexeddb://averaged');
 */
export function recalibrateBatchNorm(model: NormalizedModel, batches: Iterable<TensorLike | TensorLike[]>): void {
  const subject = 'recalibrateBatchNorm';
  check(subject, 'model', models, model, { path: '' });
  if (typeof (batches as Partial<typeof batches> | null)?.[Symbol.iterator] !== 'function')
    refuse('invalid', '', `${subject}: batches must be a list of inputs; for one batch write [batch]`, batches);
  const undo = normsOf(model).map(counting);
  let seen = 0;
  try {
    for (const batch of batches) {
      dispose(tidy(() => model.apply(batch as never, { training: true }) as Tensor));
      seen++;
    }
  } finally {
    for (const put of undo) put();
  }
  if (seen === 0) refuse('invalid', '', `${subject}: batches must hold at least one batch`, batches);
}

/**
 * Every batch normalisation inside a model, at any depth, once: layers and cells are looked for in all fields of layers,
 * there also in lists, maps and plain objects. The nodes through which a layer knows its neighbours in other models are
 * none of these.
 */
function normsOf(model: object): readonly BatchNorm[] {
  const found = new Set([model]);
  // A set that grows while it is gone through is gone through to its end.
  for (const one of found)
    for (const value of one instanceof Map || one instanceof Set ? one.values() : (Object.values(one) as unknown[]))
      if (typeof value === 'object' && value !== null && (isLayer(value) || isHolder(value))) found.add(value);
  return [...found].filter(isBatchNorm);
}

/** A layer, or a cell of a recurrent one. */
const isLayer = (value: object): boolean => 'call' in value && 'trainableWeights' in value;

const isHolder = (value: object): boolean =>
  [Array, Map, Set, Object].includes(value.constructor as ObjectConstructor) || Object.getPrototypeOf(value) === null;

/** Makes each call of a layer count as one more in the mean; returns what undoes it. */
function counting(norm: BatchNorm): () => void {
  const { momentum } = norm;
  // oxlint-disable-next-line typescript/unbound-method -- always called on the layer
  const { call } = norm;
  const isOwn = Object.hasOwn(norm, 'call');
  let calls = 0;
  norm.call = (...passed) => {
    if (calls === 0)
      for (const statistic of [norm.movingMean, norm.movingVariance])
        tidy(() => (statistic.read() as Variable).assign(zerosLike(statistic.read())));
    // new = old·m + batch·(1 − m) with m = n/(n + 1) is the mean over the n + 1 calls so far.
    norm.momentum = calls / (calls + 1);
    calls++;
    return call.apply(norm, passed);
  };
  return () => {
    norm.momentum = momentum;
    if (isOwn) norm.call = call;
    else delete (norm as Partial<BatchNorm>).call;
  };
}
