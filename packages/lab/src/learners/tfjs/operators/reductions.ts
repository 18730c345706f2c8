import type { Tensor } from '@tensorflow/tfjs-core';
import { sharedAmongEqual, untaped, withGradient } from './differentiable.ts';
import { indexMap, stridesOf } from './indices.ts';
import type { HostResult, Operator, OperatorContext, Tfjs } from './operator.ts';
import { roundTo } from './value.ts';

interface Axes {
  /** Those that are reduced. */
  readonly axes: readonly number[];
  /** The shape of the result, and the one in which they are kept as 1. */
  readonly dims: readonly number[];
  readonly kept: readonly number[];
}

function axesOf(c: OperatorContext): Axes {
  const own = c.dims(0);
  const given = c.list(1)?.map((axis) => c.axisOf(axis, own.length)) ?? [];
  const none = given.length === 0 && c.int('noop_with_empty_axes', 0) === 1;
  const axes = none ? [] : given.length === 0 ? own.map((_, i) => i) : given;
  const kept = own.map((dim, i) => (axes.includes(i) ? 1 : dim));
  return { axes, kept, dims: c.int('keepdims', 1) === 0 ? own.filter((_, i) => !axes.includes(i)) : kept };
}

/** One number from those along some axes. `f` keeps the axes as 1. */
const reduction = (
  op: string,
  f: (tf: Tfjs, x: Tensor, axes: number[]) => Tensor,
  fold?: readonly [start: number, next: (a: number, b: number) => number],
): Operator => ({
  op,
  attributes: ['keepdims', 'noop_with_empty_axes'],
  inputs: [0],
  ...(fold && { host: (c: OperatorContext) => folded(c, ...fold) }),
  device(c) {
    const { axes, dims } = axesOf(c);
    return c.tf.reshape(f(c.tf, c.float(0), [...axes]), [...dims]);
  },
});

function folded(c: OperatorContext, start: number, next: (a: number, b: number) => number): HostResult {
  const { dims, kept } = axesOf(c);
  const { dims: own, data } = c.host(0);
  const strides = stridesOf(kept);
  const to = indexMap(own, (index) =>
    index.reduce((at, x, i) => at + (kept[i] === 1 ? 0 : x * (strides[i] as number)), 0),
  );
  const result = new Float64Array(kept.reduce((a, b) => a * b, 1)).fill(start);
  data.forEach((x, i) => {
    const at = to[i] as number;
    const y = roundTo(c.type(0), next(result[at] as number, x));
    if (Number.isNaN(y)) c.refuse(`to a result that ${c.type(0)} cannot hold exactly here`);
    result[at] = y;
  });
  return { dims, data: result };
}

/** The elements that are the extreme share the gradient, as the rules of @anneal/onnx have it. */
const extreme =
  (of: (tf: Tfjs, x: Tensor, axes: number[]) => Tensor) =>
  (tf: Tfjs, x: Tensor, axes: number[]): Tensor =>
    withGradient(
      tf,
      [x],
      [],
      ([v]) => of(tf, v as Tensor, axes),
      (dy, { inputs: [v], y }) => [sharedAmongEqual(tf, dy, v as Tensor, y, axes)],
    );

const max = (tf: Tfjs, x: Tensor, axes: number[]): Tensor => (axes.length === 0 ? tf.clone(x) : tf.max(x, axes, true));
const min = (tf: Tfjs, x: Tensor, axes: number[]): Tensor => (axes.length === 0 ? tf.clone(x) : tf.min(x, axes, true));
const sum = (tf: Tfjs, x: Tensor, axes: number[]): Tensor => (axes.length === 0 ? tf.clone(x) : tf.sum(x, axes, true));
const absolute = (tf: Tfjs, x: Tensor): Tensor =>
  withGradient(
    tf,
    [x],
    [],
    ([v]) => tf.abs(v as Tensor),
    (dy, { inputs: [v] }) => [tf.mul(dy, tf.sign(v as Tensor))],
  );

/**
 * The gradient by an element is the product of the others: of those before it and those behind it. That of TensorFlow.js needs methods of tensors
 * that it may lack.
 */
function product(tf: Tfjs, x: Tensor, axes: number[]): Tensor {
  if (axes.length === 0) return tf.clone(x);
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const order = [...rest, ...axes];
  const [rows, width] = [rest, axes].map((some) => some.reduce((n, i) => n * (x.shape[i] as number), 1)) as [
    number,
    number,
  ];
  const flat = tf.reshape(tf.transpose(x, order), [rows, width]);
  const y = withGradient(
    tf,
    [flat],
    [],
    ([v]) => tf.prod(v as Tensor, 1),
    (dy, { inputs: [v] }) => {
      const others = tf.mul(tf.cumprod(v as Tensor, 1, true), tf.cumprod(v as Tensor, 1, true, true));
      return [tf.mul(tf.expandDims(dy, 1), others)];
    },
  );
  return tf.reshape(
    y,
    x.shape.map((dim, i) => (axes.includes(i) ? 1 : dim)),
  );
}

const argument = (op: string, of: (tf: Tfjs, x: Tensor, axis: number) => Tensor): Operator => ({
  op,
  attributes: ['axis', 'keepdims', 'select_last_index'],
  inputs: [],
  device(c) {
    if (c.int('select_last_index', 0) !== 0) c.refuse('with select_last_index');
    const axis = c.axis('axis', 0);
    const x = c.float(0);
    const found = untaped(c.tf, () => of(c.tf, x, axis));
    return { type: 'int64', tensor: c.int('keepdims', 1) === 0 ? found : c.tf.expandDims(found, axis) };
  },
});

/** Reductions over axes given as an input (operator set 18), and the places of extremes. */
export const reductionOperators: readonly Operator[] = [
  reduction('ReduceSum', sum, [0, (a, b) => a + b]),
  reduction('ReduceMean', (tf, x, axes) => (axes.length === 0 ? tf.clone(x) : tf.mean(x, axes, true))),
  reduction('ReduceProd', product, [1, (a, b) => a * b]),
  reduction('ReduceMax', extreme(max), [-Infinity, Math.max]),
  reduction('ReduceMin', extreme(min), [Infinity, Math.min]),
  reduction('ReduceSumSquare', (tf, x, axes) => sum(tf, tf.square(x), axes)),
  reduction('ReduceL1', (tf, x, axes) => sum(tf, absolute(tf, x), axes)),
  // The gradient x/y is 0 where y is, as in PyTorch.
  reduction('ReduceL2', (tf, x, axes) =>
    withGradient(
      tf,
      [x],
      [],
      ([v]) => tf.sqrt(sum(tf, tf.square(v as Tensor), axes)),
      (dy, { inputs: [v], y }) => [tf.mul(v as Tensor, tf.where(tf.equal(y, 0), tf.zerosLike(dy), tf.div(dy, y)))],
    ),
  ),
  reduction('ReduceLogSum', (tf, x, axes) => tf.log(sum(tf, x, axes))),
  reduction('ReduceLogSumExp', (tf, x, axes) =>
    withGradient(
      tf,
      [x],
      [],
      ([v]) => {
        const top = max(tf, v as Tensor, axes);
        return tf.add(tf.log(sum(tf, tf.exp(tf.sub(v as Tensor, top)), axes)), top);
      },
      (dy, { inputs: [v], y }) => [tf.mul(tf.exp(tf.sub(v as Tensor, y)), dy)],
    ),
  ),
  argument('ArgMax', (tf, x, axis) => tf.argMax(x, axis)),
  argument('ArgMin', (tf, x, axis) => tf.argMin(x, axis)),
];
