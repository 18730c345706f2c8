import { layouts } from './elementType.ts';
import { readHeader } from './readHeader.ts';
import { SafetensorsError } from './safetensorsError.ts';
import { maxHeaderBytes, type StoredTensor, type TensorFile } from './tensorFile.ts';
import { decode } from './text.ts';

/**
 * Reads a safetensors file. Everything is checked before data is touched; then each tensor gets its bytes as a copy, which is aligned and
 * outlives the file's. Since tensors tile the data, the copies take no more than the file does.
 *
 * @throws SafetensorsError for anything that the format does not allow, and for names or keys that stand twice.
 *
 * @example
 * const { tensors, metadata } = readSafetensors(await readFile('model.safetensors'));
 * const weight = tensors.get('fc.weight');
 * if (weight?.dtype === 'F32') weight.data; // a Float32Array
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < 8) truncated(`the file has ${bytes.length} bytes; the length of its header alone takes 8`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes)
    throw new SafetensorsError(
      'malformed',
      '',
      `the header should have ${length} bytes; the format allows ${maxHeaderBytes}`,
    );
  if (length > bytes.length - 8) truncated(`the header should have ${length} bytes; ${bytes.length - 8} are there`);
  const data = bytes.subarray(8 + length);
  const { entries, metadata } = readHeader(headerOf(bytes.subarray(8, 8 + length)), data.length);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, dims, begin, end }] of entries) {
    // Not by slice(), since a Node Buffer's shares its memory.
    const { buffer } = new Uint8Array(data.subarray(begin, end));
    tensors.set(name, { dtype, dims, data: new layouts[dtype].array(buffer) } as StoredTensor);
  }
  return { tensors, metadata };
}

function headerOf(bytes: Uint8Array): string {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new SafetensorsError('malformed', '', 'the header is not UTF-8', { cause });
  }
}

function truncated(message: string): never {
  throw new SafetensorsError('truncated', '', message);
}
