import { TrainerError } from '../trainerError.ts';

declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}

/** A float32 tensor of a checkpoint. */
export interface StoredTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A safetensors file that holds float32 tensors: https://github.com/huggingface/safetensors */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The library that reads these files in Python refuses longer headers. */
const maxHeaderBytes = 100_000_000;

/** 8 bytes length of the header, the header as JSON, then the data, row-major and little-endian. */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = [['__metadata__', metadata]];
  let at = 0;
  for (const [name, { dims, data }] of tensors) {
    if (name === '__metadata__')
      throw new TrainerError('checkpoint', name, 'a tensor of a checkpoint cannot have this name');
    header.push([name, { dtype: 'F32', shape: dims, data_offsets: [at, at + data.byteLength] }]);
    at += data.byteLength;
  }
  let text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  if (text.length % 8 !== 0) {
    // Data begins at a multiple of 8; the format allows trailing spaces for that.
    const padded = new Uint8Array(text.length + 8 - (text.length % 8)).fill(0x20);
    padded.set(text);
    text = padded;
  }
  const bytes = new Uint8Array(8 + text.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  at = 8 + text.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file; every offset is checked against the bytes at hand before anything is allocated.
 *
 * @throws TrainerError `checkpoint`
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  const fail = (message: string): never => {
    throw new TrainerError('checkpoint', 'safetensors', message);
  };
  if (bytes.length < 8) fail(`the file has ${bytes.length} bytes, fewer than its header's length takes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes || length > bytes.length - 8)
    fail(`the header should have ${length} bytes; ${bytes.length - 8} are there`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    fail('the header is not JSON');
  }
  if (!isRecord(header)) return fail('the header is not an object');
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isRecord(entry)) return fail(`the entry "${name}" is not an object`);
    const {
      dtype,
      shape,
      data_offsets: offsets,
    } = entry as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
    if (dtype !== 'F32') return fail(`tensor "${name}" must be F32; received ${String(dtype)}`);
    if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
      return fail(`tensor "${name}" has no valid shape and offsets`);
    const [start, end] = offsets as [number, number];
    const size = shape.reduce((product, dim) => product * dim, 4);
    if (end > data.length || end - start !== size)
      return fail(
        `tensor "${name}" of shape [${shape.join(', ')}] does not fit the bytes ${start} to ${end} of ${data.length}`,
      );
    // A copy, so that it is aligned and outlives the file's bytes.
    tensors.set(name, { dims: shape, data: new Float32Array(new Uint8Array(data.subarray(start, end)).buffer) });
  }
  const metadata = header['__metadata__'] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    return fail('__metadata__ must map strings to strings');
  return { tensors, metadata: metadata as Record<string, string> };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
