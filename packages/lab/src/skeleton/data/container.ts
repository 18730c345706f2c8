import { LabError } from '../../labError.ts';

/** One array of a container: its element type in safetensors' spelling, its shape, its bytes. */
export interface Part {
  readonly dtype: 'F32' | 'I32' | 'U8';
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Arrays by name with texts beside them. */
export interface Container {
  readonly texts: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Part>>;
}

/** A float32 array as a part. */
export const float32Part = (data: Float32Array, shape: readonly number[]): Part => ({
  dtype: 'F32',
  shape,
  bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
});

/** Bytes as a part. */
export const bytesPart = (bytes: Uint8Array): Part => ({ dtype: 'U8', shape: [bytes.length], bytes });

/** The numbers of a float32 part, copied, so that they are aligned. */
export const float32Of = (part: Part): Float32Array<ArrayBuffer> => new Float32Array(new Uint8Array(part.bytes).buffer);

/** One file in the safetensors form: the header's length in 8 bytes, a JSON header with `__metadata__`, the bytes. */
export function pack({ texts, parts }: Container): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: texts };
  let size = 0;
  for (const [name, { dtype, shape, bytes }] of Object.entries(parts)) {
    header[name] = { dtype, shape, data_offsets: [size, size + bytes.length] };
    size += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padding = -(8 + json.length) & 7;
  const start = 8 + json.length + padding;
  const file = new Uint8Array(start + size).fill(0x20, 8 + json.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length + padding), true);
  file.set(json, 8);
  let at = start;
  for (const { bytes } of Object.values(parts)) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** Reads what {@link pack} wrote; throws a {@link LabError} that names `what` for anything else. */
export function unpack(file: Uint8Array, what: string): Container {
  try {
    const length = Number(new DataView(file.buffer, file.byteOffset, file.byteLength).getBigUint64(0, true));
    const start = 8 + length;
    if (start > file.length) throw new RangeError('the file ends too early');
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Header | null;
    if (typeof header?.__metadata__ !== 'object' || header.__metadata__ === null)
      throw new RangeError('the header has no __metadata__');
    const { __metadata__: texts, ...entries } = header;
    const parts = Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        if (start + to > file.length) throw new RangeError('the file ends too early');
        return [name, { dtype, shape, bytes: file.slice(start + from, start + to) }] as const;
      },
    );
    return { texts, parts: Object.fromEntries(parts) };
  } catch (cause) {
    throw new LabError('checkpoint', `${what} cannot be read: it is not one, or it is damaged`, { cause });
  }
}

type Header = { readonly __metadata__: Record<string, string> | null } & Readonly<
  Record<string, { dtype: Part['dtype']; shape: number[]; data_offsets: [number, number] }>
>;
