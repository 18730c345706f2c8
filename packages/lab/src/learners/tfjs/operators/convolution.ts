import { sizeOf } from '@anneal/onnx';
import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { withGradient } from './differentiable.ts';
import type { Operator, OperatorContext, Tfjs } from './operator.ts';
import { patches } from './patches.ts';
import { windowAttributes, windowOf, type Window } from './window.ts';

/** [N, C, …] to [N, …, C], the layout in which every backend of TensorFlow.js convolves. */
export const channelsLast = (tf: Tfjs, x: Tensor): Tensor =>
  tf.transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]);
/** And back. */
export const channelsFirst = (tf: Tfjs, x: Tensor): Tensor =>
  tf.transpose(x, [0, x.rank - 1, ...x.shape.slice(2).map((_, i) => i + 1)]);

/** A kernel [k…, I, O] with d − 1 zeros between its elements. TensorFlow.js differentiates no dilated convolution. */
function spread(tf: Tfjs, kernel: Tensor, dilations: readonly number[]): Tensor {
  return dilations.reduce((w, d, axis) => {
    if (d === 1) return w;
    const [ahead, k, behind] = [w.shape.slice(0, axis), w.shape[axis] as number, w.shape.slice(axis + 1)];
    const flat = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
    const [rows, width] = [flat(ahead) * k, flat(behind)];
    const wide = tf.pad(tf.reshape<Rank.R3>(w, [rows, 1, width]), [
      [0, 0],
      [0, d - 1],
      [0, 0],
    ]);
    const all = tf.reshape(wide, [flat(ahead), k * d, width]);
    return tf.reshape(tf.slice(all, [0, 0, 0], [flat(ahead), (k - 1) * d + 1, width]), [
      ...ahead,
      (k - 1) * d + 1,
      ...behind,
    ]);
  }, kernel);
}

/**
 * The gradient of a kernel [h, w, I, O] from the input [N, H, W, I] and dy [N, H', W', O]: for each place in the kernel a product of matrices.
 * For backends without a kernel of it.
 */
function kernelGradient(
  tf: Tfjs,
  x: Tensor,
  dy: Tensor,
  kernel: readonly number[],
  [sy, sx]: readonly [number, number],
): Tensor {
  const [batch, rows, columns, outputs] = dy.shape as [number, number, number, number];
  const [height, width, inputs] = kernel as [number, number, number];
  const flat = tf.reshape(dy, [batch * rows * columns, outputs]);
  const places: Tensor[] = [];
  for (let i = 0; i < height; i += 1)
    for (let j = 0; j < width; j += 1) {
      const end = [batch, i + (rows - 1) * sy + 1, j + (columns - 1) * sx + 1, inputs];
      const seen =
        sy === 1 && sx === 1
          ? tf.slice(x, [0, i, j, 0], [batch, rows, columns, inputs])
          : tf.stridedSlice(x, [0, i, j, 0], end, [1, sy, sx, 1]);
      places.push(tf.matMul(tf.reshape(seen, [batch * rows * columns, inputs]), flat, true));
    }
  return tf.reshape(tf.concat(places, 0), [...kernel]);
}

const hasKernel = (tf: Tfjs, name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

/** Rows and columns behind the last window, which no window reaches. */
const cropped = (tf: Tfjs, x: Tensor4D, kernel: readonly number[], strides: readonly number[]): Tensor4D => {
  const size = [x.shape[1], x.shape[2]].map((n, i) => {
    const [k, s] = [kernel[i] as number, strides[i] as number];
    return Math.floor((n - k) / s) * s + k;
  }) as [number, number];
  return size[0] === x.shape[1] && size[1] === x.shape[2]
    ? x
    : tf.slice(x, [0, 0, 0, 0], [x.shape[0], ...size, x.shape[3]]);
};

/** A convolution of [N, H, W, I] with [h, w, I, O], nothing padded. */
function convolve(tf: Tfjs, input: Tensor4D, kernel: Tensor4D, strides: [number, number]): Tensor {
  const x = cropped(tf, input, kernel.shape, strides);
  if (hasKernel(tf, 'Conv2DBackpropFilter')) return tf.conv2d(x, kernel, strides, 'valid');
  return withGradient(
    tf,
    [x, kernel],
    [],
    ([v, w]) => tf.conv2d(v as Tensor4D, w as Tensor4D, strides, 'valid'),
    (dy, { inputs: [v, w] }) => [
      tf.conv2dTranspose(dy as Tensor4D, w as Tensor4D, (v as Tensor4D).shape, strides, 'valid'),
      kernelGradient(tf, v as Tensor, dy, (w as Tensor).shape, strides),
    ],
  );
}

/** Its transpose: [N, H, W, I] with [h, w, O, I], as large as its windows reach. */
function deconvolve(tf: Tfjs, x: Tensor4D, kernel: Tensor4D, strides: [number, number]): Tensor {
  const [batch, rows, columns] = x.shape;
  const [height, width, outputs] = kernel.shape;
  const size: [number, number, number, number] = [
    batch,
    (rows - 1) * strides[0] + height,
    (columns - 1) * strides[1] + width,
    outputs,
  ];
  if (hasKernel(tf, 'Conv2DBackpropFilter')) return tf.conv2dTranspose(x, kernel, size, strides, 'valid');
  return withGradient(
    tf,
    [x, kernel],
    [],
    ([v, w]) => tf.conv2dTranspose(v as Tensor4D, w as Tensor4D, size, strides, 'valid'),
    (dy, { inputs: [v, w] }) => [
      tf.conv2d(dy as Tensor4D, w as Tensor4D, strides, 'valid'),
      kernelGradient(tf, dy, v as Tensor, (w as Tensor).shape, strides),
    ],
  );
}

/** As [N, …] of two spatial axes: one gets a first of length 1. */
const asPlane = (tf: Tfjs, x: Tensor, at: number): Tensor => (x.rank === 3 ? tf.expandDims(x, at) : x);

interface Parts {
  readonly inputs: readonly Tensor[];
  readonly kernels: readonly Tensor[];
}

/** The groups, each with its channels. */
function groupsOf(c: OperatorContext, x: Tensor, kernel: Tensor, group: number, axis: number): Parts {
  if (group === 1) return { inputs: [x], kernels: [kernel] };
  if ((x.shape.at(-1) as number) % group !== 0 || (kernel.shape[axis] as number) % group !== 0)
    c.refuse(`in ${group} groups of these channels`);
  return { inputs: c.tf.split(x, group, x.rank - 1), kernels: c.tf.split(kernel, group, axis) };
}

function bias(c: OperatorContext, y: Tensor): Tensor {
  return c.has(2) ? c.tf.add(y, c.float(2)) : y;
}

/**
 * A convolution of [N, …, C] over any axes: its windows side by side, times the weights. For three axes, whose gradients TensorFlow.js's WebAssembly
 * kernels compute wrong.
 */
function throughPatches(c: OperatorContext, x: Tensor, weight: Tensor, window: Window): Tensor {
  const { tf } = c;
  const [batch, channels] = [x.shape[0], x.shape.at(-1) as number];
  const [outputs, each] = weight.shape as [number, number];
  const [windows, k, group] = [sizeOf(window.out), sizeOf(window.kernel), c.int('group', 1)];
  // [windows, k, N, g, C/g] to [g, windows·N, C/g·k]
  const split = tf.reshape(patches(c, x, window), [windows, k, batch, group, channels / group]);
  const rows = tf.reshape(tf.transpose(split, [3, 0, 2, 4, 1]), [group, windows * batch, each * k]);
  const columns = tf.transpose(tf.reshape(weight, [group, outputs / group, each * k]), [0, 2, 1]);
  // [g, windows·N, O/g] to [N, out…, O]
  const y = tf.reshape(tf.matMul(rows, columns), [group, windows, batch, outputs / group]);
  return tf.reshape(tf.transpose(y, [2, 1, 0, 3]), [batch, ...window.out, outputs]);
}

function convolution(c: OperatorContext): Tensor {
  const { tf } = c;
  const [given, weight] = [c.float(0), c.float(1)];
  const window = windowOf(c, given.shape.slice(2), weight.shape.slice(2), false);
  const rank = given.rank - 2;
  if (rank < 1 || rank > 3) c.refuse(`over ${rank} axes`);
  const padding: [number, number][] = [
    [0, 0],
    ...window.before.map((low, i): [number, number] => [low, window.after[i] as number]),
    [0, 0],
  ];
  const last = channelsLast(tf, given);
  const x = padding.flat().some((pad) => pad !== 0) ? tf.pad(last, padding) : last;
  if (rank === 3) return channelsFirst(tf, bias(c, throughPatches(c, x, weight, window)));
  // [O, I, k…] to [k…, I, O]
  const kernel = spread(
    tf,
    tf.transpose(weight, [...weight.shape.slice(2).map((_, i) => i + 2), 1, 0]),
    window.dilations,
  );
  const group = c.int('group', 1);
  const strides = (rank === 1 ? [1, ...window.strides] : window.strides) as [number, number];
  const [plane, filter] = [asPlane(tf, x, 1), asPlane(tf, kernel, 0)];
  const channels = plane.shape[3] as number;
  const isDepthwise = group === channels && group > 1 && hasKernel(tf, 'DepthwiseConv2dNativeBackpropFilter');
  let y: Tensor;
  if (isDepthwise && strides[0] === strides[1]) {
    // [h, w, 1, C·m] to [h, w, C, m]
    const [h, w, , outputs] = filter.shape as [number, number, number, number];
    const seen = cropped(tf, plane as Tensor4D, filter.shape, strides);
    y = tf.depthwiseConv2d(seen, tf.reshape(filter, [h, w, channels, outputs / channels]), strides, 'valid');
  } else {
    const { inputs, kernels } = groupsOf(c, plane, filter, group, 3);
    const parts = inputs.map((part, i) => convolve(tf, part as Tensor4D, kernels[i] as Tensor4D, strides));
    y = parts.length === 1 ? (parts[0] as Tensor) : tf.concat(parts, 3);
  }
  return channelsFirst(tf, bias(c, rank === 1 ? tf.squeeze(y, [1]) : y));
}

/** Padding of the result: cut where it is positive, zeros behind where an output padding asks for more. */
function transposedConvolution(c: OperatorContext): Tensor {
  const { tf } = c;
  const [given, weight] = [c.float(0), c.float(1)];
  const rank = given.rank - 2;
  if (rank < 1 || rank > 2) c.refuse(`over ${rank} axes`);
  const size = given.shape.slice(2);
  const kernelSize = weight.shape.slice(2);
  const strides = c.ints('strides') ?? size.map(() => 1);
  const dilations = c.ints('dilations') ?? size.map(() => 1);
  const more = c.ints('output_padding') ?? size.map(() => 0);
  const full = size.map(
    (n, i) => (n - 1) * (strides[i] as number) + ((kernelSize[i] as number) - 1) * (dilations[i] as number) + 1,
  );
  const { before, after } = cuts(c, size, strides, full, more);
  const kernel = spread(tf, tf.transpose(weight, [...kernelSize.map((_, i) => i + 2), 1, 0]), dilations);
  const [x, filter] = [asPlane(tf, channelsLast(tf, given), 1), asPlane(tf, kernel, 0)];
  const step = (rank === 1 ? [1, ...strides] : strides) as [number, number];
  const { inputs, kernels } = groupsOf(c, x, filter, c.int('group', 1), 3);
  const parts = inputs.map((part, i) => deconvolve(tf, part as Tensor4D, kernels[i] as Tensor4D, step));
  const whole = parts.length === 1 ? (parts[0] as Tensor) : tf.concat(parts, 3);
  const y = rank === 1 ? tf.squeeze(whole, [1]) : whole;
  const grown = after.map((cut): [number, number] => [0, Math.max(-cut, 0)]);
  const wide = grown.flat().some((pad) => pad !== 0) ? tf.pad(y, [[0, 0], ...grown, [0, 0]]) : y;
  const out = full.map((n, i) => n - (before[i] as number) - (after[i] as number));
  return channelsFirst(
    tf,
    bias(c, tf.slice(wide, [0, ...before, 0], [wide.shape[0], ...out, wide.shape.at(-1) as number])),
  );
}

/** What is cut off at both ends of the full result. */
function cuts(
  c: OperatorContext,
  size: readonly number[],
  strides: readonly number[],
  full: readonly number[],
  more: readonly number[],
): { readonly before: number[]; readonly after: number[] } {
  const auto = c.text('auto_pad', 'NOTSET');
  const asked = c.ints('output_shape')?.slice(-size.length);
  const pads = c.ints('pads');
  const same = auto === 'SAME_UPPER' || auto === 'SAME_LOWER';
  if (!same && asked === undefined) {
    const at = (i: number): number => (auto === 'VALID' ? 0 : (pads?.[i] ?? 0));
    return { before: size.map((_, i) => at(i)), after: size.map((_, i) => at(size.length + i) - (more[i] as number)) };
  }
  const total = size.map(
    (n, i) => (full[i] as number) + (more[i] as number) - (asked?.[i] ?? n * (strides[i] as number)),
  );
  if (total.some((cut) => cut < 0)) c.refuse('to a shape that is larger than its windows reach');
  // The odd one is cut before for SAME_LOWER and an asked shape, behind for SAME_UPPER: the other end of what pads the input of a convolution.
  const before = total.map((cut) => (auto === 'SAME_UPPER' ? Math.floor(cut / 2) : Math.ceil(cut / 2)));
  return { before, after: total.map((cut, i) => cut - (before[i] as number) - (more[i] as number)) };
}

/** Convolution of one to three axes, and its transpose of one or two. */
export const convolutionOperators: readonly Operator[] = [
  { op: 'Conv', attributes: [...windowAttributes, 'group'], device: convolution },
  {
    op: 'ConvTranspose',
    attributes: [...windowAttributes, 'group', 'output_padding', 'output_shape'],
    device: transposedConvolution,
  },
];
