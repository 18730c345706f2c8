import { int64, sizeOf, type AttributeInput, type Tensor } from '@anneal/onnx';
import * as fc from 'fast-check';

/** Floats whose gradient is compared. */
export interface Floats {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** A whole-number or boolean tensor that comes with the batch; a bare tensor is a constant of the graph. */
export interface Fed {
  readonly fed: Tensor;
}

/** One use of an operator. */
export interface OperatorCase {
  readonly op: string;
  readonly inputs: readonly (Floats | Fed | Tensor | undefined)[];
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  readonly outputs?: number;
  readonly opset?: number;
  /** The results have no gradient, or onnxruntime has no rule for it and differences would be meaningless. */
  readonly forwardAlone?: boolean;
}

export type Cases = fc.Arbitrary<OperatorCase>;

/** Operators by name, each with uses of it that fast-check draws. */
export type CaseTable = Readonly<Record<string, Cases>>;

export const dims = (minRank: number, maxRank: number, max = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max }), { minLength: minRank, maxLength: maxRank });

/** Odd multiples of 1/8 below 2: away from the corners of piecewise functions, and alike often enough to try what is done with equals. */
const odd = fc.integer({ min: -8, max: 7 }).map((k) => (2 * k + 1) / 8);
const above = fc.integer({ min: 3, max: 20 }).map((k) => k / 8);

const filled = (shape: readonly number[], element: fc.Arbitrary<number>): fc.Arbitrary<Floats> => {
  const count = sizeOf(shape);
  return fc.array(element, { minLength: count, maxLength: count }).map((values) => ({ dims: shape, values }));
};
export const floats = (shape: readonly number[]): fc.Arbitrary<Floats> => filled(shape, odd);
export const positive = (shape: readonly number[]): fc.Arbitrary<Floats> => filled(shape, above);
/** All different: where a function chooses among elements, and onnxruntime and central differences have no opinion on equals. */
export const distinct = (shape: readonly number[]): fc.Arbitrary<Floats> =>
  fc.shuffledSubarray([...Array(sizeOf(shape)).keys()], { minLength: sizeOf(shape) }).map((order) => ({
    dims: shape,
    values: order.map((k) => (2 * (k - (order.length >> 1)) + 1) / 8),
  }));

export const list = (values: readonly number[]): Tensor => int64([values.length], values);
export const int32 = (shape: readonly number[], values: readonly number[]): Tensor => ({
  type: 'int32',
  dims: shape,
  data: Int32Array.from(values),
});
export const bools = (shape: readonly number[]): fc.Arbitrary<Tensor> =>
  fc
    .array(fc.boolean(), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => ({ type: 'bool', dims: shape, data: Uint8Array.from(values, Number) }));

/** Indices from −size to size − 1, a constant or with the batch, int64 or int32. */
export const indices = (shape: readonly number[], size: number, negative = true): fc.Arbitrary<Tensor | Fed> =>
  fc
    .tuple(
      fc.array(fc.integer({ min: negative ? -size : 0, max: size - 1 }), {
        minLength: sizeOf(shape),
        maxLength: sizeOf(shape),
      }),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([values, wide, fed]) => {
      const tensor = wide ? int64(shape, values) : int32(shape, values);
      return fed ? { fed: tensor } : tensor;
    });

export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });
/** Each attribute that is drawn, or left out. */
export const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
export const without = (
  attributes: Readonly<Record<string, AttributeInput | undefined>>,
): Record<string, AttributeInput> =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, AttributeInput] => entry[1] !== undefined),
  );

/** Two shapes that are broadcast against each other. */
export const pairOfShapes: fc.Arbitrary<[number[], number[]]> = dims(0, 4, 3).chain((whole) =>
  fc
    .tuple(
      ...[0, 1].map(() =>
        fc.tuple(
          fc.integer({ min: 0, max: whole.length }),
          fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }),
        ),
      ),
    )
    .map(
      (sides) =>
        sides.map(([from, ones]) => whole.map((dim, i) => (ones[i] === true ? 1 : dim)).slice(from)) as [
          number[],
          number[],
        ],
    ),
);
