import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { float32 } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';

/** Draws the values of a weight from its shape and its fans: the numbers of inputs to a unit, and of units that an input reaches. */
export type Initializer = (dims: readonly number[], fanIn: number, fanOut: number) => ArrayLike<number>;

/** Values of a weight, row-major, or what draws them (`heUniform(seed)`). */
export type Weights = ArrayLike<number> | Initializer;

/** Adds a weight under its name. */
export function weight(
  graph: GraphBuilder,
  name: string,
  dims: readonly number[],
  values: Weights,
  [fanIn, fanOut]: readonly [number, number],
): string {
  return graph.parameter(name, float32(dims, typeof values === 'function' ? values(dims, fanIn, fanOut) : values));
}

/** Adds a vector of the values given, or of one number. */
export const vector = (
  graph: GraphBuilder,
  name: string,
  length: number,
  values: ArrayLike<number> = [],
  fill = 0,
): string =>
  graph.parameter(name, float32([length], values.length === 0 ? new Float32Array(length).fill(fill) : values));

/** @throws OnnxError `argument`, naming the layer and the option, unless each number is whole and at least `least`. */
export function checkWhole(
  layer: string,
  sizes: Readonly<Record<string, number | readonly number[]>>,
  least = 1,
): void {
  for (const [option, size] of Object.entries(sizes)) {
    const numbers = typeof size === 'number' ? [size] : size;
    if (!(numbers.length > 0 && numbers.every((number) => Number.isSafeInteger(number) && number >= least))) {
      const rule = `must be a whole number >= ${least}${typeof size === 'number' ? '' : ' per axis'}`;
      throw new OnnxError('argument', layer, `${option} ${rule}; received ${numbers.join(', ')}`);
    }
  }
}
