import { sizeOf, type DataType, type Tensor as Constant, type TensorData } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Elements of a value on the host. Whole numbers of 64 bits lie in doubles, those beyond ±2⁵³ as ±∞: no sum is made of them. */
export type Numbers = Exclude<TensorData, readonly string[] | BigInt64Array | BigUint64Array>;

/** Numbers that JavaScript computes with, exactly as ONNX defines it: shapes, indices, masks, class numbers. */
export interface HostValue {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Numbers;
  /** Whether it is the same for every batch of one shape. */
  readonly fixed: boolean;
}

/** A tensor of TensorFlow.js, and the type that ONNX gives it. */
export interface DeviceValue {
  readonly type: DataType;
  readonly tensor: Tensor;
}

/** What a graph computes with. */
export type Value = HostValue | DeviceValue;

export const isHost = (value: Value): value is HostValue => 'data' in value;
export const dimsOf = (value: Value): readonly number[] => (isHost(value) ? value.dims : value.tensor.shape);
export const isFloat = (type: DataType): boolean => type === 'float32' || type === 'float64';

const bits16 = new Set<DataType>(['float16', 'bfloat16']);
const safe = (value: bigint): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Math.sign(number) * Infinity;
};

/** A constant, or what a batch holds, as a value on the host; undefined for an element type that neither side computes with. */
export function hostValue({ type, dims, data }: Constant, fixed: boolean): HostValue | undefined {
  if (bits16.has(type) || !ArrayBuffer.isView(data) || data.length !== sizeOf(dims)) return undefined;
  const numbers =
    data instanceof BigInt64Array || data instanceof BigUint64Array
      ? Float64Array.from(data as ArrayLike<unknown> as ArrayLike<bigint>, safe)
      : data;
  return { type, dims, data: numbers, fixed };
}

/** Rounds a result to its type; NaN stands for a whole number that the type, or a double, cannot hold. */
export function roundTo(type: DataType, value: number): number {
  switch (type) {
    case 'float32':
      return Math.fround(value);
    case 'float64':
      return value;
    case 'bool':
      return value === 0 ? 0 : 1;
    case 'int32':
      return value === (value | 0) ? value : Number.NaN;
    case 'int64':
      return Number.isSafeInteger(value) ? value : Number.NaN;
    case 'uint8':
      return value === (value & 255) ? value : Number.NaN;
    default:
      return Number.NaN;
  }
}
