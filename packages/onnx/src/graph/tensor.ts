import { OnnxError } from '../onnxError.ts';

/**
 * Element types by their number in TensorProto.DataType; the names are those of onnxruntime where it has one.
 * The number behind each is its size in bits.
 */
const types = [
  ['undefined', 0],
  ['float32', 32],
  ['uint8', 8],
  ['int8', 8],
  ['uint16', 16],
  ['int16', 16],
  ['int32', 32],
  ['int64', 64],
  ['string', 0],
  ['bool', 8],
  ['float16', 16],
  ['float64', 64],
  ['uint32', 32],
  ['uint64', 64],
  ['complex64', 64],
  ['complex128', 128],
  ['bfloat16', 16],
  ['float8e4m3fn', 8],
  ['float8e4m3fnuz', 8],
  ['float8e5m2', 8],
  ['float8e5m2fnuz', 8],
  ['uint4', 4],
  ['int4', 4],
  ['float4e2m1', 4],
  ['float8e8m0', 8],
  ['uint2', 2],
  ['int2', 2],
] as const;

/** The element type of a tensor. */
export type DataType = Exclude<(typeof types)[number][0], 'undefined'>;

/** What a tensor's elements lie in: bool in bytes, the 16-bit floats as their bits, sub-byte and complex types packed in bytes. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A constant tensor, row-major. */
export interface Tensor {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export const dataTypeNumber = (type: DataType): number => types.findIndex(([name]) => name === type);

export const dataTypeOf = (number: number): DataType | undefined => {
  const name = types[number]?.[0];
  return name === 'undefined' ? undefined : name;
};

/** Bytes that `count` elements take; sub-byte types are packed. */
export const byteLength = (type: DataType, count: number): number =>
  Math.ceil((count * (types[dataTypeNumber(type)]?.[1] ?? 0)) / 8);

/** The floating-point types that gradients are not taken in, and that can be made float32. */
export const otherFloats: readonly ['float16', 'bfloat16', 'float64'] = ['float16', 'bfloat16', 'float64'];

export const isOtherFloat = (type: DataType | undefined): boolean => otherFloats.includes(type as 'float16');

/** The number of elements of a shape. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/** A typed array over a copy of little-endian bytes. */
export const dataFromBytes = (
  type: Exclude<DataType, 'string'>,
  bytes: Uint8Array,
): Exclude<TensorData, readonly string[]> => {
  // Not bytes.slice(): a Node Buffer's shares its memory. A copy is aligned, which the input need not be.
  const copy = new Uint8Array(bytes);
  return type in arrays ? new arrays[type as keyof typeof arrays](copy.buffer) : copy;
};

const check = (dims: readonly number[], length: number): void => {
  if (sizeOf(dims) !== length) {
    throw new OnnxError(
      'argument',
      '',
      `a tensor of shape [${dims.join(', ')}] has ${sizeOf(dims)} elements; received ${length}`,
    );
  }
};

/** A float32 tensor; numbers are rounded once. */
export const float32 = (dims: readonly number[], data: ArrayLike<number>): Tensor => {
  check(dims, data.length);
  return { type: 'float32', dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
};

/** An int64 tensor from safe integers. */
export const int64 = (dims: readonly number[], data: readonly (number | bigint)[]): Tensor => {
  check(dims, data.length);
  return { type: 'int64', dims, data: BigInt64Array.from(data, BigInt) };
};
