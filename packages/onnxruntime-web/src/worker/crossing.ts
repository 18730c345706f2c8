import { ScheduleError } from '@anneal/core';
import { OnnxError } from '@anneal/onnx';
import { TrainerError } from '../trainerError.ts';

/** The methods that all typed arrays share. */
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/**
 * A value ready to be posted: every typed array in it is a copy of exactly its elements, whose buffer joins `transfer`. The sender keeps its
 * own arrays, which a stream may fill again, and a view of a large buffer does not take the whole buffer with it.
 */
export function copied(value: unknown, transfer: ArrayBufferLike[]): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const copy = typedArray.slice.call(value as Uint8Array);
    transfer.push(copy.buffer);
    return copy;
  }
  if (Array.isArray(value)) return value.map((item) => copied(item, transfer));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item, transfer)]));
}

/** An error as plain data; structured cloning would lose its class and its fields. */
export interface PackedError {
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields: name, code, path and the like. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly cause: PackedError | undefined;
}

export function packError(thrown: unknown): PackedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { message, stack, name, cause } = error;
  const fields = Object.fromEntries(
    Object.entries(error).filter(
      ([, value]) => value === null || !['object', 'function', 'symbol'].includes(typeof value),
    ),
  );
  return { message, stack, name, fields, cause: cause === undefined ? undefined : packError(cause) };
}

const classes: Readonly<Record<string, { readonly prototype: Error }>> = {
  TrainerError,
  OnnxError,
  ScheduleError,
  RangeError,
  TypeError,
};

/** The error again, of its class where that is one of ours or a usual one. */
export function unpackError({ message, stack, name, fields, cause }: PackedError): Error {
  const error = new Error(message, cause && { cause: unpackError(cause) });
  if (Object.hasOwn(classes, name)) Object.setPrototypeOf(error, classes[name]!.prototype);
  return Object.assign(error, { stack, name }, fields);
}
