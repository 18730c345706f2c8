import { OnnxError } from '../onnxError.ts';
import type { DataType } from './tensor.ts';

/** Element type and static shape of a value. */
export interface ValueShape {
  readonly type: DataType;
  readonly dims: readonly number[];
}

/** Shapes of the values of a graph, by name. They come from a runtime: this package infers none. */
export type Shapes = ReadonlyMap<string, ValueShape>;

/** @throws OnnxError `argument` for a value whose shape is not known. */
export const shapeOf = (shapes: Shapes, name: string): ValueShape => {
  const shape = shapes.get(name);
  if (shape === undefined) throw new OnnxError('argument', name, 'the shapes given hold no static shape of this value');
  return shape;
};
