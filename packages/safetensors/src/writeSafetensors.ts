import { byteLengthOf, isElementType, layouts } from './elementType.ts';
import { SafetensorsError } from './safetensorsError.ts';
import { maxHeaderBytes, metadataKey, type StoredTensor, type TensorFile } from './tensorFile.ts';
import { encode, isWellFormed, listed, quoted } from './text.ts';

/**
 * Writes a safetensors file: the length of the header in 8 bytes, the header as JSON, then the data, row-major and little-endian. The header
 * lists tensors in the order given; their data stands by falling size of elements, so that every tensor is aligned without holes.
 *
 * @throws SafetensorsError `argument` where a tensor's data does not fit its dtype and dims, or a text cannot stand in the header.
 *
 * @example
 * writeSafetensors({
 *   tensors: new Map([['w', { dtype: 'F32', dims: [1, 2], data: Float32Array.of(1, -2) }]]),
 *   metadata: new Map([['format', 'pt']]),
 * });
 */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array<ArrayBuffer> {
  for (const [name, tensor] of tensors) checkTensor(name, tensor);
  for (const [key, text] of metadata) checkText(key, key, text);
  const inOrder = [...tensors].sort(([, a], [, b]) => elementBytes(b) - elementBytes(a));
  const begins = new Map<string, number>();
  let size = 0;
  for (const [name, { data }] of inOrder) {
    begins.set(name, size);
    size += data.byteLength;
  }
  const header = headerOf({ tensors, metadata }, begins);
  const start = 8 + header.length;
  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (const [name, { data }] of inOrder)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + begins.get(name)!);
  return bytes;
}

/** What begins anywhere among bytes, as packed elements do, counts as a byte. */
const elementBytes = ({ dtype }: StoredTensor): number => Math.ceil(layouts[dtype].bits / 8);

/** The header's bytes. Spaces fill it to a multiple of 8, where data begins. */
function headerOf({ tensors, metadata }: TensorFile, begins: ReadonlyMap<string, number>): Uint8Array {
  // Written by hand: an object would put names that look like numbers first, and take "__proto__" for something else.
  const pairs = [...tensors].map(([name, { dtype, dims, data }]) => {
    const begin = begins.get(name)!;
    return [name, JSON.stringify({ dtype, shape: dims, data_offsets: [begin, begin + data.byteLength] })] as const;
  });
  const texts = [...metadata].map(([key, text]) => [key, JSON.stringify(text)] as const);
  if (texts.length > 0) pairs.unshift([metadataKey, objectOf(texts)]);
  const text = encode(objectOf(pairs));
  const header = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20, text.length);
  header.set(text);
  if (header.length > maxHeaderBytes)
    refuse('', `the header takes ${header.length} bytes; the format allows ${maxHeaderBytes}`);
  return header;
}

const objectOf = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`;

function checkTensor(name: string, { dtype, dims, data }: StoredTensor): void {
  const what = `the tensor ${quoted(name)}`;
  checkText(name, name, '');
  if (name === metadataKey) refuse(name, `no tensor can have the name ${metadataKey}`);
  if (!isElementType(dtype))
    refuse(name, `${what} must have a dtype of ${Object.keys(layouts).join(', ')}; received ${String(dtype)}`);
  if (!Array.isArray(dims) || !dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0))
    refuse(name, `${what} must have dims that are whole numbers >= 0; received ${String(dims)}`);
  // By its name and not by instanceof: an array may come from another realm, as a frame or a test's own.
  const { name: kind } = layouts[dtype].array;
  const tag = Object.prototype.toString.call(data).slice(8, -1);
  if (tag !== kind) refuse(name, `${what} of ${dtype} must have its data in a ${kind}; received ${tag}`);
  const bytes = byteLengthOf(dtype, dims);
  if (bytes !== data.byteLength)
    refuse(
      name,
      `${what} of ${dtype} and dims ${listed(dims)} takes ${bytes ?? 'no whole number of'} bytes; its data has ${data.byteLength}`,
    );
}

function checkText(path: string, key: string, text: unknown): void {
  if (typeof key !== 'string' || typeof text !== 'string' || !isWellFormed(key) || !isWellFormed(text))
    refuse(path, `${quoted(key)} and what stands under it must be well-formed text`);
}

function refuse(path: string, message: string): never {
  throw new SafetensorsError('argument', path, message);
}
