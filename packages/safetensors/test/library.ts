import { readFileSync } from 'node:fs';
import type { ElementType } from '../src/index.ts';

/** What tools/reference/safetensors_files.py recorded of the library safetensors. */
interface Recorded {
  readonly written: readonly {
    readonly metadata: Readonly<Record<string, string>>;
    readonly file: string;
    readonly tensors: Readonly<
      Record<
        string,
        {
          readonly dtype: ElementType;
          readonly dims: readonly number[];
          readonly hex: string;
          readonly numbers: readonly unknown[];
        }
      >
    >;
  }[];
  /** `error` is null where the library reads the file: the header, and so many zeros. */
  readonly verdicts: readonly { readonly header: string; readonly data: number; readonly error: string | null }[];
}

export const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/library.json', import.meta.url), 'utf8'),
) as Recorded;

/** A file of this header and this data, whatever they are. */
export function fileOf(header: string | Uint8Array, data: number | Uint8Array = 0): Uint8Array<ArrayBuffer> {
  const head = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const rest = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + head.length + rest.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(rest, 8 + head.length);
  return bytes;
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
