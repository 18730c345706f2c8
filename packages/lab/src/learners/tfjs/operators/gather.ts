import { sizeOf } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { addRows, takeElements, takeRows, untaped } from './differentiable.ts';
import { indexMap, stridesOf, taken } from './indices.ts';
import type { Operator, OperatorContext } from './operator.ts';

/** An index, from the end where it is negative; one outside is refused, whatever a batch holds. */
function inside(c: OperatorContext, index: number, size: number): number {
  const at = index < 0 ? index + size : index;
  if (!(at >= 0 && at < size)) c.refuse(`with the index ${index} into ${size} rows`);
  return at;
}

const numbersOn = (c: OperatorContext, map: Int32Array): Tensor =>
  c.upload({ type: 'int32', dims: [map.length], data: map, fixed: false });

/** Gather from an axis, with indices on the host: for each element of the result its number. */
function gathered(c: OperatorContext): { readonly dims: readonly number[]; readonly map: Int32Array } {
  const own = c.dims(0);
  const axis = c.axis('axis', 0);
  const { dims: shape, data } = c.host(1);
  const inner = sizeOf(own.slice(axis + 1));
  const size = own[axis] as number;
  const at = Int32Array.from(data, (index) => inside(c, index, size));
  const dims = [...own.slice(0, axis), ...shape, ...own.slice(axis + 1)];
  const perOuter = at.length * inner;
  const map = Int32Array.from({ length: sizeOf(dims) }, (_, i) => {
    const [outer, rest] = [Math.floor(i / perOuter), i % perOuter];
    return (outer * size + (at[Math.floor(rest / inner)] as number)) * inner + (rest % inner);
  });
  return { dims, map };
}

/** Gather: rows of a matrix whose rows are the axis. */
function gather(c: OperatorContext): Tensor {
  const [{ tf }, x] = [c, c.tensor(0)];
  const axis = c.axis('axis', 0);
  const shape = c.dims(1);
  const size = x.shape[axis] as number;
  const order = [axis, ...x.shape.map((_, i) => i).filter((i) => i !== axis)];
  const rest = order.slice(1).map((i) => x.shape[i] as number);
  const front = axis === 0 ? x : tf.transpose(x, order);
  const rows = takeRows(tf, tf.reshape(front, [size, sizeOf(rest)]), tf.reshape(indices(c, 1, size), [sizeOf(shape)]));
  const whole = tf.reshape(rows, [...shape, ...rest]);
  if (axis === 0) return whole;
  // The axes of the indices go where the axis was.
  const count = shape.length;
  const ahead = x.shape.slice(0, axis).map((_, i) => count + i);
  const behind = x.shape.slice(axis + 1).map((_, i) => count + axis + i);
  return tf.transpose(whole, [...ahead, ...shape.map((_, i) => i), ...behind]);
}

/** Indices on the device, none negative: those of the host are checked, the others come from ArgMax and the like. */
function indices(c: OperatorContext, input: number, size: number): Tensor {
  const value = c.value(input);
  if (!('data' in value))
    return c.tf.where(c.tf.less(value.tensor, 0), c.tf.add(value.tensor, c.tf.scalar(size, 'int32')), value.tensor);
  return numbersOn(
    c,
    Int32Array.from(value.data, (index) => inside(c, index, size)),
  );
}

/** GatherElements, ScatterElements: the number of the element that each index names. */
function elementNumbers(c: OperatorContext): Int32Array {
  const own = c.dims(0);
  const axis = c.axis('axis', 0);
  const { dims, data } = c.host(1);
  const strides = stridesOf(own);
  let i = 0;
  return indexMap(dims, (index) => {
    const at = inside(c, data[i] as number, own[axis] as number);
    i += 1;
    return index.reduce((sum, x, d) => sum + (d === axis ? at : x) * (strides[d] as number), 0);
  });
}

/** GatherND, ScatterND: the number of the first element of the slice that each row of indices names, and the slice's shape. */
function sliceNumbers(c: OperatorContext): {
  readonly map: Int32Array;
  readonly lead: readonly number[];
  readonly rest: readonly number[];
} {
  const own = c.dims(0);
  const { dims, data } = c.host(1);
  const depth = dims.at(-1) as number;
  const [strides, rest] = [stridesOf(own), own.slice(depth)];
  const lead = dims.slice(0, -1);
  const width = sizeOf(rest);
  const starts = Array.from({ length: sizeOf(lead) }, (_, row) => {
    let at = 0;
    for (let d = 0; d < depth; d += 1)
      at += inside(c, data[row * depth + d] as number, own[d] as number) * (strides[d] as number);
    return at;
  });
  const map = Int32Array.from(
    { length: starts.length * width },
    (_, i) => (starts[Math.floor(i / width)] as number) + (i % width),
  );
  return { map, lead, rest };
}

/** Updates written into a copy of the data, or added to it. */
function scatter(c: OperatorContext, map: Int32Array): Tensor {
  const { tf } = c;
  const reduction = c.text('reduction', 'none');
  const [data, updates] = [c.float(0), c.float(2)];
  const size = data.size;
  if (reduction === 'add') {
    const added = scattered(c, updates, map, size);
    return tf.add(data, tf.reshape(added, data.shape));
  }
  if (reduction !== 'none') c.refuse(`with the reduction "${reduction}"`);
  // Of a place that is named twice the last update stays.
  const last = new Map<number, number>();
  map.forEach((at, i) => last.set(at, i));
  const from = new Int32Array(size).map((_, at) => last.get(at) ?? 0);
  const written = c.upload({
    type: 'bool',
    dims: data.shape,
    data: Uint8Array.from({ length: size }, (_, at) => (last.has(at) ? 1 : 0)),
    fixed: false,
  });
  return tf.where(written, takeElements(tf, updates, numbersOn(c, from), data.shape), data);
}

/** Elements added into zeros; the way back takes them from there. */
function scattered(c: OperatorContext, updates: Tensor, map: Int32Array, size: number): Tensor {
  const { tf } = c;
  const at = numbersOn(c, map);
  const f = tf.customGrad((rows, save) => {
    (save as (tensors: Tensor[]) => void)([at]);
    const value = addRows(tf, rows as Tensor, at, [size, 1]);
    const shape = (rows as Tensor).shape;
    return { value, gradFunc: (dy: Tensor, [kept]: Tensor[]) => tf.reshape(tf.gather(dy, kept as Tensor), shape) };
  });
  return f(updates);
}

function oneHot(c: OperatorContext): Tensor {
  const { tf } = c;
  const depth = c.scalar(1, 0);
  const [off, on] = Array.from(c.host(2).data) as [number, number];
  const shape = c.dims(0);
  const axis = c.axis('axis', -1, shape.length + 1);
  const type = c.type(2);
  if (type !== 'float32') c.refuse(`with values of ${type}; give it values of float32`);
  const at = c.isHost(0)
    ? c.upload({
        type: 'int32',
        dims: shape,
        data: Int32Array.from(c.host(0).data, (x) => (x < 0 && x >= -depth ? x + depth : x)),
        fixed: false,
      })
    : c.tensor(0);
  const hot = tf.cast(tf.oneHot(tf.cast(at, 'int32'), depth, 1, 0), 'float32');
  const valued = off === 0 && on === 1 ? hot : tf.add(tf.mul(hot, on - off), off);
  if (axis === shape.length) return valued;
  const order = shape.map((_, i) => i);
  order.splice(axis, 0, shape.length);
  return tf.transpose(valued, order);
}

/** The k largest, or smallest, along an axis, and where they stood. */
function topK(c: OperatorContext): { readonly values: Tensor; readonly at: Tensor } {
  const [{ tf }, x] = [c, c.float(0)];
  const axis = c.axis('axis', -1);
  const k = c.scalar(1, 1);
  const order = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
  const front = tf.transpose(x, order);
  const signed = c.int('largest', 1) === 0 ? tf.neg(front) : front;
  const found = untaped(tf, () => tf.topk(signed, k, true).indices);
  const [length, dims] = [x.shape[axis] as number, [...front.shape.slice(0, -1), k]];
  const rows = sizeOf(dims) / k;
  const starts = c.constant('rows', [rows, 1], () => Int32Array.from({ length: rows }, (_, i) => i * length), 'int32');
  const numbers = tf.add(tf.reshape(tf.cast(found, 'int32'), [rows, k]), starts);
  return { values: tf.transpose(takeElements(tf, front, numbers, dims), order), at: tf.transpose(found, order) };
}

/** Elements by index. */
export const gatherOperators: readonly Operator[] = [
  {
    op: 'Gather',
    attributes: ['axis'],
    inputs: [0],
    host(c) {
      const { dims, map } = gathered(c);
      return { dims, data: taken(c.host(0).data, map) };
    },
    device: (c) => ({ type: c.type(0), tensor: gather(c) }),
  },
  {
    op: 'GatherElements',
    attributes: ['axis'],
    inputs: [0],
    host: (c) => ({ dims: c.dims(1), data: taken(c.host(0).data, elementNumbers(c)) }),
    device: (c) => takeElements(c.tf, c.tensor(0), numbersOn(c, elementNumbers(c)), c.dims(1)),
  },
  {
    op: 'GatherND',
    attributes: ['batch_dims'],
    inputs: [0],
    host(c) {
      if (c.int('batch_dims', 0) !== 0) c.refuse('with batch_dims');
      const { map, lead, rest } = sliceNumbers(c);
      return { dims: [...lead, ...rest], data: taken(c.host(0).data, map) };
    },
    device(c) {
      if (c.int('batch_dims', 0) !== 0) c.refuse('with batch_dims');
      const { map, lead, rest } = sliceNumbers(c);
      return takeElements(c.tf, c.tensor(0), numbersOn(c, map), [...lead, ...rest]);
    },
  },
  {
    op: 'ScatterElements',
    attributes: ['axis', 'reduction'],
    inputs: [0, 2],
    device: (c) => scatter(c, elementNumbers(c)),
  },
  { op: 'ScatterND', attributes: ['reduction'], inputs: [0, 2], device: (c) => scatter(c, sliceNumbers(c).map) },
  { op: 'OneHot', attributes: ['axis'], inputs: [], device: oneHot },
  {
    op: 'TopK',
    attributes: ['axis', 'largest', 'sorted'],
    inputs: [0],
    device(c) {
      const { values, at } = topK(c);
      return [values, { type: 'int64', tensor: at }];
    },
  },
];
