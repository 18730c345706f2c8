import { readSafetensors, SafetensorsError, writeSafetensors, type StoredTensor } from '@anneal/safetensors';
import { LabError } from '../../labError.ts';

/** Arrays by name with texts beside them. */
export interface Container {
  readonly texts: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, StoredTensor>>;
}

/** A float32 array as a part. */
export const float32Part = (data: Float32Array, dims: readonly number[]): StoredTensor => ({
  dtype: 'F32',
  dims,
  data,
});

/** Bytes as a part. */
export const bytesPart = (data: Uint8Array): StoredTensor => ({ dtype: 'U8', dims: [data.length], data });

/** The numbers of a float32 part, copied. */
export const float32Of = ({ data }: StoredTensor): Float32Array<ArrayBuffer> =>
  data instanceof Float32Array ? new Float32Array(data) : wrongType('float32');

/** The bytes of a part that is bytes. */
export const bytesOf = ({ data }: StoredTensor): Uint8Array => (data instanceof Uint8Array ? data : wrongType('bytes'));

/** One file, a safetensors file. */
export const pack = ({ texts, parts }: Container): Uint8Array =>
  writeSafetensors({ tensors: new Map(Object.entries(parts)), metadata: new Map(Object.entries(texts)) });

/** Reads what {@link pack} wrote; throws a {@link LabError} that names `what` for anything else. */
export function unpack(file: Uint8Array, what: string): Container {
  try {
    const { tensors, metadata } = readSafetensors(file);
    return { texts: Object.fromEntries(metadata), parts: Object.fromEntries(tensors) };
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw new LabError('checkpoint', `${what} cannot be read: it is not one, or it is damaged`, { cause });
  }
}

function wrongType(expected: string): never {
  throw new LabError('checkpoint', `a part of what was saved is not ${expected}`);
}
