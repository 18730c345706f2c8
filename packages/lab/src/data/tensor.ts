/** What a tensor's elements lie in: float32, int32, int64, and bytes for bool and uint8. */
export type Numbers = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** Numbers with a shape, row-major; the word is `dims`, as ONNX and onnxruntime say it. */
export interface Tensor {
  readonly data: Numbers;
  readonly dims: readonly number[];
}

/** Tensors by the names under which a model and a loss read them; the first axis of each counts examples. */
export type Batch = Readonly<Record<string, Tensor>>;

/** Number of elements of a shape. */
export const elementsOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
