import type { Elements, ElementType } from './elementType.ts';

/** A tensor of one element type, row-major: `data` holds its elements, or their bits where JavaScript has no array of them. */
export interface StoredTensorOf<D extends ElementType> {
  readonly dtype: D;
  readonly dims: readonly number[];
  readonly data: Elements[D];
}

/** A tensor of any element type; `dtype` says which, and narrows `data`. */
export type StoredTensor = { readonly [D in ElementType]: StoredTensorOf<D> }[ElementType];

/** What a safetensors file holds: https://huggingface.co/docs/safetensors */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Free text by key. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The key of the header under which metadata stands: no tensor can have this name. */
export const metadataKey = '__metadata__';

/** The library that reads these files in Python and Rust refuses longer headers. */
export const maxHeaderBytes = 100_000_000;
