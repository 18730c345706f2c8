import { sizeOf } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { takeRows } from './differentiable.ts';
import { indexMap, stridesOf } from './indices.ts';
import type { OperatorContext } from './operator.ts';
import type { Window } from './window.ts';

/** Of each window its elements, [windows, elements of a window, N·C], from [N, …, C]. */
export function patches(c: OperatorContext, x: Tensor, { out, kernel, strides, dilations }: Window): Tensor {
  const { tf } = c;
  const size = x.shape.slice(1, -1);
  const steps = stridesOf(size);
  const map = c.once('patches', () =>
    indexMap([...out, ...kernel], (index) =>
      size.reduce((at, _, axis) => {
        const [o, k] = [index[axis] as number, index[size.length + axis] as number];
        return at + (o * (strides[axis] as number) + k * (dilations[axis] as number)) * (steps[axis] as number);
      }, 0),
    ),
  );
  const [batch, channels] = [x.shape[0], x.shape.at(-1) as number];
  const rows = tf.transpose(tf.reshape(x, [batch, sizeOf(size), channels]), [1, 0, 2]);
  const at = c.constant('patches on the device', [map.length], () => map, 'int32');
  return tf.reshape(takeRows(tf, tf.reshape(rows, [sizeOf(size), batch * channels]), at), [
    sizeOf(out),
    sizeOf(kernel),
    batch * channels,
  ]);
}
