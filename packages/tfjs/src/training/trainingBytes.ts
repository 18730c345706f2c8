import type { RestoreOptions } from '@anneal/core';
import { check } from '@anneal/core/options';
import { readSafetensors, SafetensorsError, writeSafetensors, type StoredTensor } from '@anneal/safetensors';
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { rule } from '../checkArguments.ts';
import { refuse } from '../refuse.ts';
import { snapshotTraining } from './snapshotTraining.ts';
import type { Training } from './makeup.ts';
import { restoreContents } from './training.ts';
import type { TrainingMeta } from './trainingMeta.ts';

/** The types of tensors that a training holds, by their safetensors names. */
const dtypes = { F32: 'float32', I32: 'int32', BOOL: 'bool' } as const;
const stored: Readonly<Record<string, keyof typeof dtypes>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

/** Of any realm, a Buffer of Node among them. */
const fileBytes = rule<Uint8Array>(
  'a Uint8Array, such as trainingToBytes gave',
  (value) => Object.prototype.toString.call(value) === '[object Uint8Array]',
);

/**
 * A training as the bytes of a safetensors file, for any place: a file, a request, a worker. Other programs can read the
 * tensors (`@anneal/safetensors` as well); the rest stands as JSON in the metadata under `anneal`.
 *
 * @example
 * await writeFile('run.safetensors', await trainingToBytes({ weights: model, binding }));
 */
export async function trainingToBytes(training: Training): Promise<Uint8Array> {
  const snapshot = snapshotTraining(training);
  try {
    const { meta, tensors } = snapshot.contents;
    const entries = await Promise.all(
      Object.entries(tensors).map(async ([key, one]) => [key, await storedTensor(key, one)] as const),
    );
    return writeSafetensors({ tensors: new Map(entries), metadata: new Map([['anneal', JSON.stringify(meta)]]) });
  } finally {
    snapshot.dispose();
  }
}

/**
 * Goes on from the bytes of {@link trainingToBytes}, under the conditions of `loadTraining`.
 *
 * @example
 * trainingFromBytes(await readFile('run.safetensors'), { weights: model, binding });
 */
export function trainingFromBytes(bytes: Uint8Array, training: Training, options?: RestoreOptions): void {
  check('trainingFromBytes', 'bytes', fileBytes, bytes, { path: '', code: 'state' });
  const file = readFile(bytes);
  const text = file.metadata.get('anneal');
  if (text === undefined) refuse('state', '', 'trainingFromBytes: these are no bytes of trainingToBytes');
  const meta = readMeta(text);
  const tensors: Record<string, Tensor> = {};
  try {
    for (const [key, one] of file.tensors) tensors[key] = liveTensor(key, one);
    restoreContents(training, { meta, tensors }, options);
  } finally {
    dispose(tensors);
  }
}

function readFile(bytes: Uint8Array): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    return refuse(
      'state',
      error.path === '' ? '' : `/${error.path}`,
      `trainingFromBytes: these are no bytes of trainingToBytes: ${error.message}`,
    );
  }
}

/** What `restoreContents` will check. */
function readMeta(text: string): TrainingMeta {
  try {
    return JSON.parse(text) as TrainingMeta;
  } catch {
    return refuse('state', '/__metadata__/anneal', 'trainingFromBytes: the metadata is not JSON');
  }
}

async function storedTensor(key: string, one: Tensor): Promise<StoredTensor> {
  const dtype = stored[one.dtype];
  if (dtype === undefined)
    refuse('invalid', `/${key}`, `trainingToBytes: ${key} has the type ${one.dtype}, which cannot be saved`);
  return { dtype, dims: one.shape, data: await one.data() } as StoredTensor;
}

function liveTensor(key: string, { dtype, dims, data }: StoredTensor): Tensor {
  if (dtype !== 'F32' && dtype !== 'I32' && dtype !== 'BOOL')
    return refuse(
      'state',
      `/${key}`,
      `trainingFromBytes: the tensor ${key} has the type ${dtype}, which no training has`,
    );
  return tensor(data, [...dims], dtypes[dtype]);
}
