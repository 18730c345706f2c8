import { readSafetensors, type StoredTensorOf, type TensorFile } from '@anneal/safetensors';

/** What a safetensors file holds whose tensors are all float32, as a checkpoint's are. */
export function readFloat32File(
  bytes: Uint8Array,
): Pick<TensorFile, 'metadata'> & { readonly tensors: ReadonlyMap<string, StoredTensorOf<'F32'>> } {
  const { tensors, metadata } = readSafetensors(bytes);
  const checked = [...tensors].map(([name, tensor]) => {
    if (tensor.dtype !== 'F32') throw new TypeError(`${name} is ${tensor.dtype}`);
    return [name, tensor] as const;
  });
  return { tensors: new Map(checked), metadata };
}
