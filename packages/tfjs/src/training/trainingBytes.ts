import type { RestoreOptions } from '@anneal/core';
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { refuse } from '../refuse.ts';
import { snapshotTraining } from './snapshotTraining.ts';
import { restoreContents, type Training, type TrainingMeta } from './training.ts';

// Of the web and of Node alike; declared because this package is compiled with the types of neither.
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

/** The types of tensors that a training holds, by their safetensors names. */
const arrays = { F32: Float32Array, I32: Int32Array, BOOL: Uint8Array } as const;
const dtypes = { F32: 'float32', I32: 'int32', BOOL: 'bool' } as const;
type Kind = keyof typeof arrays;
const kinds: Readonly<Record<string, Kind>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

interface Entry {
  readonly dtype: Kind;
  readonly shape: number[];
  /** Begin and end in the bytes after the header. */
  readonly data_offsets: readonly [number, number];
}

interface Header {
  /** Text, unless the header is damaged. */
  readonly metadata: unknown;
  readonly entries: readonly (readonly [string, Partial<Entry> | null])[];
}

/**
 * A training as the bytes of a safetensors file, for any place: a file, a request, a worker. Other programs can read the
 * tensors; the rest stands as JSON in the metadata under `anneal`. Layout: eight bytes little-endian with the length of
 * the header, the header as JSON, the data (https://huggingface.co/docs/safetensors).
 *
 * @example
 * await writeFile('run.safetensors', await trainingToBytes({ weights: model, binding }));
 */
export async function trainingToBytes(training: Training): Promise<Uint8Array> {
  const snapshot = snapshotTraining(training);
  try {
    const { meta, tensors } = snapshot.contents;
    const parts = await Promise.all(
      Object.entries(tensors).map(async ([key, one]) => ({ key, one, data: await one.data() })),
    );
    const header: Record<string, unknown> = { __metadata__: { anneal: JSON.stringify(meta) } };
    let end = 0;
    for (const { key, one, data } of parts) {
      const dtype = kinds[one.dtype];
      if (dtype === undefined)
        refuse('invalid', `/${key}`, `trainingToBytes: ${key} has the type ${one.dtype}, which cannot be saved`);
      header[key] = { dtype, shape: one.shape, data_offsets: [end, end + data.byteLength] };
      end += data.byteLength;
    }
    const text = new TextEncoder().encode(JSON.stringify(header));
    // The data starts at a multiple of 8; spaces after JSON are part of the format.
    const headerLength = Math.ceil(text.length / 8) * 8;
    const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
    bytes.set(text, 8);
    let at = 8 + headerLength;
    for (const { data } of parts) {
      bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
      at += data.byteLength;
    }
    return bytes;
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
  const { header, data } = readHeader(bytes);
  const text = header.metadata;
  if (typeof text !== 'string') refuse('state', '', 'trainingFromBytes: these are no bytes of trainingToBytes');
  const meta = readMeta(text);
  const tensors: Record<string, Tensor> = {};
  try {
    for (const [key, entry] of header.entries) tensors[key] = readTensor(key, entry, data);
    restoreContents(training, { meta, tensors }, options);
  } finally {
    dispose(tensors);
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

function readHeader(bytes: Uint8Array): { header: Header; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(length <= bytes.length - 8)) refuse('state', '', 'trainingFromBytes: these are no bytes of trainingToBytes');
  try {
    const { __metadata__: metadata, ...entries } = JSON.parse(
      new TextDecoder().decode(bytes.subarray(8, 8 + length)),
    ) as Record<string, Entry> & { readonly __metadata__?: Readonly<Record<string, unknown>> };
    return {
      header: { metadata: metadata?.['anneal'], entries: Object.entries(entries) },
      data: bytes.subarray(8 + length),
    };
  } catch {
    return refuse('state', '', 'trainingFromBytes: the header is not JSON');
  }
}

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= 0);

function readTensor(key: string, entry: Partial<Entry> | null, data: Uint8Array): Tensor {
  const { dtype = '', shape, data_offsets } = entry ?? {};
  const kind = Object.hasOwn(arrays, dtype) ? (dtype as Kind) : undefined;
  const [begin = NaN, end = NaN] = isCounts(data_offsets) ? data_offsets : [];
  const elements = isCounts(shape) ? shape.reduce((product, size) => product * size, 1) : NaN;
  if (
    kind === undefined ||
    shape === undefined ||
    !(end <= data.length) ||
    end - begin !== elements * arrays[kind].BYTES_PER_ELEMENT
  )
    return refuse('state', `/${key}`, `trainingFromBytes: the entry ${key} does not fit the bytes`);
  // Copied, since the view of a file need not be aligned; not by slice(), since a Node Buffer's shares its memory.
  const values = new arrays[kind](new Uint8Array(data.subarray(begin, end)).buffer);
  return tensor(values, shape, dtypes[kind]);
}
