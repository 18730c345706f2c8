/** Numbers with a shape, row-major; the first dimension counts examples. */
export interface Values<Data extends Float32Array | Int32Array = Float32Array | Int32Array> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** What one update learns from. */
export interface Batch {
  readonly inputs: Values<Float32Array>;
  /** Class of each example. */
  readonly labels: Values<Int32Array>;
}

/** Examples of one split; the same form as a batch, of any length. */
export type Dataset = Batch;

/** Number of examples. */
export const sizeOf = (data: Batch): number => data.labels.data.length;

/** The examples at `indices`, copied. */
export function gather({ inputs, labels }: Dataset, indices: ArrayLike<number>): Batch {
  const [, ...shape] = inputs.shape;
  const width = shape.reduce((product, size) => product * size, 1);
  const data = new Float32Array(indices.length * width);
  const classes = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i += 1) {
    const at = indices[i]!;
    data.set(inputs.data.subarray(at * width, (at + 1) * width), i * width);
    classes[i] = labels.data[at]!;
  }
  return {
    inputs: { data, shape: [indices.length, ...shape] },
    labels: { data: classes, shape: [indices.length] },
  };
}
