import { sizeOf } from '@anneal/onnx';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { expandTo } from './differentiable.ts';
import { broadcastDims } from './indices.ts';
import type { Operator, OperatorContext, Tfjs } from './operator.ts';

/** A·B over broadcast batch axes; a vector is a row on the left and a column on the right. */
export function matMul(tf: Tfjs, a: Tensor, b: Tensor, refuse: (what: string) => never): Tensor {
  const [left, right] = [a.rank === 1 ? tf.reshape(a, [1, a.size]) : a, b.rank === 1 ? tf.reshape(b, [b.size, 1]) : b];
  const batch = broadcastDims([left.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const [rows, inner, columns] = [left.shape.at(-2), left.shape.at(-1), right.shape.at(-1)] as [number, number, number];
  if (batch === undefined || a.rank === 0 || b.rank === 0 || inner !== right.shape.at(-2))
    return refuse(`on shapes [${a.shape.join()}] and [${b.shape.join()}]`);
  const dims = [...batch, ...(a.rank === 1 ? [] : [rows]), ...(b.rank === 1 ? [] : [columns])];
  // One matrix on the right: the axes before the last are rows.
  if (right.rank === 2) return tf.reshape(tf.matMul(tf.reshape(left, [-1, inner]), right), dims);
  const stacked = (x: Tensor, height: number, width: number): Tensor3D =>
    tf.reshape(expandTo(tf, x, [...batch, height, width]), [sizeOf(batch), height, width]);
  return tf.reshape(tf.matMul(stacked(left, rows, inner), stacked(right, inner, columns)), dims);
}

/** Y = α·A'·B' + β·C, where ' transposes on request. */
function gemm(c: OperatorContext): Tensor {
  const { tf } = c;
  const [alpha, beta] = [c.number('alpha', 1), c.number('beta', 1)];
  const product = tf.matMul(c.float(0), c.float(1), c.int('transA', 0) !== 0, c.int('transB', 0) !== 0);
  const scaled = alpha === 1 ? product : tf.mul(product, alpha);
  if (!c.has(2)) return scaled;
  return tf.add(scaled, beta === 1 ? c.float(2) : tf.mul(c.float(2), beta));
}

/** Matrix products. */
export const linearOperators: readonly Operator[] = [
  { op: 'MatMul', device: (c) => matMul(c.tf, c.float(0), c.float(1), (what) => c.refuse(what)) },
  { op: 'Gemm', attributes: ['alpha', 'beta', 'transA', 'transB'], device: gemm },
];
