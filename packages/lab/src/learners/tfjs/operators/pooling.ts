import { sizeOf } from '@anneal/onnx';
import type { Tensor, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';
import { channelsFirst, channelsLast } from './convolution.ts';
import { sharedAmongEqual, withGradient } from './differentiable.ts';
import type { Operator, OperatorContext } from './operator.ts';
import { patches } from './patches.ts';
import { windowAttributes, windowOf, type Window } from './window.ts';

/** Padding before, and behind as far as the last window reaches. */
function paddedTo(c: OperatorContext, x: Tensor, window: Window, fill: number): Tensor {
  const pads = window.kernel.map((k, i): [number, number] => {
    const reach =
      ((window.out[i] as number) - 1) * (window.strides[i] as number) + (k - 1) * (window.dilations[i] as number) + 1;
    const n = x.shape[i + 1] as number;
    return [window.before[i] as number, Math.max(reach - n - (window.before[i] as number), 0)];
  });
  return pads.flat().every((pad) => pad === 0) ? x : c.tf.pad(x, [[0, 0], ...pads, [0, 0]], fill);
}

/** [windows, N·C] to [N, C, out…]. */
function fromWindows(
  c: OperatorContext,
  y: Tensor,
  [batch, channels]: readonly [number, number],
  out: readonly number[],
): Tensor {
  return c.tf.transpose(c.tf.reshape(y, [...out, batch, channels]), [
    out.length,
    out.length + 1,
    ...out.map((_, i) => i),
  ]);
}

function maxPool(c: OperatorContext): Tensor {
  if (c.node.outputs.slice(1).some((name) => name !== '')) c.refuse('with the output of indices');
  const { tf } = c;
  const given = c.float(0);
  const window = windowOf(c, given.shape.slice(2), [], c.int('ceil_mode', 0) !== 0);
  const [batch, channels] = given.shape as [number, number];
  const x = paddedTo(c, channelsLast(tf, given), window, -Infinity);
  // The gradient of TensorFlow.js's WebAssembly kernel takes a maximum below zero for none.
  const native = tf.getBackend() !== 'wasm' && window.dilations.every((d) => d === 1);
  if (native && window.kernel.length === 2) {
    const [kernel, strides] = [[...window.kernel], [...window.strides]] as [[number, number], [number, number]];
    return channelsFirst(tf, tf.maxPool(x as Tensor4D, kernel, strides, 'valid'));
  }
  if (native && window.kernel.length === 1) {
    const plane = tf.expandDims<Tensor4D>(x, 1);
    const y = tf.maxPool(plane, [1, window.kernel[0] as number], [1, window.strides[0] as number], 'valid');
    return channelsFirst(tf, tf.squeeze(y, [1]));
  }
  // The first of equal elements gets the gradient, as in the kernels.
  const count = sizeOf(window.kernel);
  const numbers = c.constant('numbers', [1, count, 1], () => Int32Array.from({ length: count }, (_, i) => i), 'int32');
  const y = withGradient(
    tf,
    [patches(c, x, window)],
    [],
    ([v]) => tf.max(v as Tensor, 1),
    (dy, { inputs: [v] }) => {
      const first = tf.expandDims(tf.cast(tf.argMax(v as Tensor, 1), 'int32'), 1);
      return [tf.mul(tf.cast(tf.equal(numbers, first), 'float32'), tf.expandDims(dy, 1))];
    },
  );
  return fromWindows(c, y, [batch, channels], window.out);
}

/** How many elements each window averages, as their inverse in the shape [1, out…, 1]. */
function shares(c: OperatorContext, window: Window, size: readonly number[]): Float32Array {
  const includePads = c.int('count_include_pad', 0) === 1;
  const counts = window.out.map((places, axis) => {
    const [k, s, d] = [window.kernel[axis], window.strides[axis], window.dilations[axis]] as [number, number, number];
    const [before, after, n] = [window.before[axis], window.after[axis], size[axis]] as [number, number, number];
    const [low, high] = includePads ? [-before, n + after] : [0, n];
    return Array.from(
      { length: places },
      (_, i) =>
        Array.from({ length: k }, (__, j) => i * s - before + j * d).filter((at) => at >= low && at < high).length,
    );
  });
  return Float32Array.from(
    counts.reduce((a, b) => a.flatMap((x) => b.map((y) => x * y)), [1]),
    (count) => 1 / count,
  );
}

function averagePool(c: OperatorContext): Tensor {
  const { tf } = c;
  const given = c.float(0);
  const size = given.shape.slice(2);
  const window = windowOf(c, size, [], c.int('ceil_mode', 0) !== 0);
  const [batch, channels] = given.shape as [number, number];
  const x = paddedTo(c, channelsLast(tf, given), window, 0);
  const [k, windows] = [sizeOf(window.kernel), sizeOf(window.out)];
  const inverse = c.once('shares', () => shares(c, window, size));
  const plain = window.dilations.every((d) => d === 1);
  if (!plain) {
    const share = c.constant('shares on the device', [windows, 1], () => inverse);
    return fromWindows(c, tf.mul(tf.sum(patches(c, x, window), 1), share), [batch, channels], window.out);
  }
  const rank = window.kernel.length;
  let y: Tensor;
  if (rank === 1)
    y = tf.squeeze(
      tf.avgPool(
        tf.expandDims<Tensor4D>(x, 1),
        [1, window.kernel[0] as number],
        [1, window.strides[0] as number],
        'valid',
      ),
      [1],
    );
  else if (rank === 2)
    y = tf.avgPool(
      x as Tensor4D,
      [...window.kernel] as [number, number],
      [...window.strides] as [number, number],
      'valid',
    );
  else if (rank === 3)
    y = tf.avgPool3d(
      x as Tensor5D,
      [...window.kernel] as [number, number, number],
      [...window.strides] as [number, number, number],
      'valid',
    );
  else return c.refuse(`over ${rank} axes`);
  if (inverse.every((share) => share === Math.fround(1 / k))) return channelsFirst(tf, y);
  const factor = c.constant('factor', [1, ...window.out, 1], () => inverse.map((share) => share * k));
  return channelsFirst(tf, tf.mul(y, factor));
}

const pool = ['ceil_mode', ...windowAttributes];

const spatial = (x: Tensor): number[] => x.shape.slice(2).map((_, i) => i + 2);

/** Pools over windows and over everything. */
export const poolingOperators: readonly Operator[] = [
  { op: 'MaxPool', attributes: [...pool, 'storage_order'], device: maxPool },
  { op: 'AveragePool', attributes: [...pool, 'count_include_pad'], device: averagePool },
  { op: 'GlobalAveragePool', device: (c) => c.tf.mean(c.float(0), spatial(c.float(0)), true) },
  {
    op: 'GlobalMaxPool',
    device(c) {
      const [{ tf }, x] = [c, c.float(0)];
      const axes = spatial(x);
      return withGradient(
        tf,
        [x],
        [],
        ([v]) => tf.max(v as Tensor, axes, true),
        (dy, { inputs: [v], y }) => [sharedAmongEqual(tf, dy, v as Tensor, y, axes)],
      );
    },
  },
];
