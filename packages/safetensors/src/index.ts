export { readSafetensors } from './readSafetensors.ts';
export { writeSafetensors } from './writeSafetensors.ts';
export { SafetensorsError, type SafetensorsErrorCode } from './safetensorsError.ts';
export type { ElementType } from './elementType.ts';
export type { StoredTensor, StoredTensorOf, TensorFile } from './tensorFile.ts';
