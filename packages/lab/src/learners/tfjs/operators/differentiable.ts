import { sizeOf } from '@anneal/onnx';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';
import { broadcastDims } from './indices.ts';
import type { Tfjs } from './operator.ts';

/** What the backward pass is given again. */
export interface Kept {
  readonly inputs: readonly Tensor[];
  readonly also: readonly Tensor[];
  readonly y: Tensor;
}

/**
 * A function with a gradient of its own: for those that TensorFlow.js has none of, on some backend has no kernel for, or defines otherwise
 * than the rules of @anneal/onnx do.
 *
 * @param also tensors that the gradient reads; the ones that a forward pass makes are gone by then unless they are named here
 * @param gradient ∂L/∂input for each input, from ∂L/∂y
 */
export function withGradient(
  tf: Tfjs,
  inputs: readonly Tensor[],
  also: readonly Tensor[],
  forward: (inputs: readonly Tensor[]) => Tensor,
  gradient: (dy: Tensor, kept: Kept) => readonly Tensor[],
): Tensor {
  const f = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as GradSaveFunc;
    const xs = args.slice(0, -1) as Tensor[];
    const value = forward(xs);
    save([...xs, ...also, value]);
    const gradFunc = (dy: Tensor | Tensor[], saved: Tensor[]): Tensor[] => [
      ...gradient(dy as Tensor, {
        inputs: saved.slice(0, xs.length),
        also: saved.slice(xs.length, -1),
        y: saved.at(-1) as Tensor,
      }),
    ];
    return { value, gradFunc };
  });
  return f(...inputs);
}

/** A function that no gradient leads through. TensorFlow.js has no way to stop one but a function of nothing. */
export const untaped = (tf: Tfjs, f: () => Tensor): Tensor =>
  tf.customGrad(() => ({ value: f(), gradFunc: () => [] }))();

/** A gradient of a broadcast shape, summed to the shape that was broadcast. */
export function unbroadcast(tf: Tfjs, gradient: Tensor, to: readonly number[]): Tensor {
  const lead = gradient.rank - to.length;
  const axes = gradient.shape.flatMap((dim, i) => (i < lead || (dim !== 1 && to[i - lead] === 1) ? [i] : []));
  return axes.length === 0 ? gradient : tf.reshape(tf.sum(gradient, axes), [...to]);
}

/** Repeated up to a shape. TensorFlow.js's own gradient of a repetition ends at four axes. */
export function expandTo(tf: Tfjs, x: Tensor, dims: readonly number[]): Tensor {
  if (x.shape.join() === dims.join()) return x;
  const repeats = dims.map((dim, i) => {
    const own = x.shape[i - (dims.length - x.rank)] ?? 1;
    return own === 1 ? dim : 1;
  });
  const forward = ([v]: readonly Tensor[]): Tensor =>
    tf.tile(tf.reshape(v as Tensor, [...Array<number>(dims.length - x.rank).fill(1), ...x.shape]), repeats);
  if (x.dtype !== 'float32') return forward([x]);
  return withGradient(tf, [x], [], forward, (dy) => [unbroadcast(tf, dy, x.shape)]);
}

/** All of them, repeated up to the shape that they are broadcast to. */
export function broadcast(tf: Tfjs, tensors: readonly Tensor[], refuse: (what: string) => never): Tensor[] {
  const dims = broadcastDims(tensors.map(({ shape }) => shape));
  if (dims === undefined) return refuse(`on shapes ${tensors.map(({ shape }) => `[${shape.join()}]`).join(' and ')}`);
  return tensors.map((tensor) => expandTo(tf, tensor, dims));
}

/** The rows of [rows, width] that whole numbers name; rows named twice get the sum of their gradients. */
export function takeRows(tf: Tfjs, x: Tensor, rows: Tensor): Tensor {
  const [count, width] = x.shape as [number, number];
  if (x.dtype !== 'float32') return tf.gather(x, rows);
  return withGradient(
    tf,
    [x],
    [rows],
    ([v]) => tf.gather(v as Tensor, rows),
    (dy, { also: [at] }) => [addRows(tf, dy, at as Tensor, [count, width])],
  );
}

/** Rows added into zeros of [rows, width] at the places that whole numbers name. */
export const addRows = (tf: Tfjs, rows: Tensor, at: Tensor, [count, width]: readonly [number, number]): Tensor =>
  tf.scatterND(tf.reshape(at, [at.size, 1]), tf.reshape(rows, [at.size, width]), [count, width]);

/** Elements by their number in the row-major order of x, in a shape. */
export const takeElements = (tf: Tfjs, x: Tensor, numbers: Tensor, dims: readonly number[]): Tensor =>
  tf.reshape(takeRows(tf, tf.reshape(x, [x.size, 1]), tf.reshape(numbers, [sizeOf(dims)])), [...dims]);

/** A product of x with a constant matrix [n, m] along one axis, whose length n becomes m. */
export function alongAxis(tf: Tfjs, x: Tensor, axis: number, matrix: Tensor): Tensor {
  const order = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
  const front = axis === x.rank - 1 ? x : tf.transpose(x, order);
  const dims = [...front.shape.slice(0, -1), matrix.shape[1] as number];
  const y = tf.reshape(tf.matMul(tf.reshape(front, [-1, front.shape.at(-1) as number]), matrix as never), dims);
  return axis === x.rank - 1 ? y : tf.transpose(y, order);
}

/** dy in equal parts where x equals the extreme y, y and dy being broadcast against x. */
export function sharedAmongEqual(tf: Tfjs, dy: Tensor, x: Tensor, y: Tensor, axes: readonly number[]): Tensor {
  const mask = tf.cast(tf.equal(x, y), 'float32');
  return tf.mul(mask, tf.div(dy, tf.sum(mask, [...axes], true)));
}
