import { sizeOf } from '@anneal/onnx';
import type { Numbers } from './value.ts';

/** Elements between neighbours along each axis, row-major. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis -= 1)
    strides[axis] = (strides[axis + 1] as number) * (dims[axis + 1] as number);
  return strides;
}

/** For each element of a result, in its order, the number of the element of the input that it is; −1: of none. */
export function indexMap(dims: readonly number[], from: (index: readonly number[]) => number): Int32Array {
  const map = new Int32Array(sizeOf(dims));
  const index = dims.map(() => 0);
  for (let i = 0; i < map.length; i += 1) {
    map[i] = from(index);
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (dims[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return map;
}

/** As {@link indexMap}, where each axis of the result goes through an axis of the input on its own: a start and a step for each. */
export function affineMap(dims: readonly number[], start: number, steps: readonly number[]): Int32Array {
  return indexMap(dims, (index) => {
    let at = start;
    for (let axis = 0; axis < index.length; axis += 1) at += (index[axis] as number) * (steps[axis] as number);
    return at;
  });
}

/** The shape that shapes are broadcast to by the rules of NumPy; undefined where they do not fit. */
export function broadcastDims(shapes: readonly (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  const dims = Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i += 1) {
      const at = rank - shape.length + i;
      const [known, own] = [dims[at] as number, shape[i] as number];
      if (known !== own && known !== 1 && own !== 1) return undefined;
      dims[at] = known === 1 ? own : known;
    }
  }
  return dims;
}

/** For each element of the wider shape, the element of the narrower one that is broadcast there. */
export function broadcastMap(dims: readonly number[], own: readonly number[]): Int32Array {
  const strides = stridesOf(own);
  const lead = dims.length - own.length;
  const steps = dims.map((_, i) => (i < lead || own[i - lead] === 1 ? 0 : (strides[i - lead] as number)));
  return affineMap(dims, 0, steps);
}

/** The elements that a map names, those of none being `fill`. */
export function taken(data: Numbers, map: Int32Array, fill = 0): Numbers {
  const result = new (data.constructor as new (length: number) => Numbers)(map.length);
  for (let i = 0; i < map.length; i += 1) {
    const at = map[i] as number;
    result[i] = at < 0 ? fill : (data[at] as number);
  }
  return result;
}
