import { add, div, equality, expand, mul, reduceSum, reshape, upTo, zeros } from '../graph/arithmetic.ts';
import { float32, sizeOf } from '../graph/tensor.ts';
import type { GradientContext, GradientRule } from './gradientRule.ts';
import { convolution, spread, transposedConvolution } from './rules/convolution.ts';
import { readWindow, type Window } from './window.ts';

/** Every index of a shape, in order. */
const indicesOf = (dims: readonly number[]): number[][] =>
  dims.reduce<number[][]>((all, dim) => all.flatMap((index) => upTo(dim).map((i) => [...index, i])), [[]]);

/**
 * The gradient of MaxPool over windows of any kind. A convolution with one-hot kernels lays the K elements of each window side by side,
 * [N·C, K, out…]; those that equal the maximum and are no padding share its gradient, and the transposed convolution puts the shares back.
 */
function throughPatches(c: GradientContext, dy: string, window: Window): string {
  const [xDims, yDims] = [c.dims(c.input(0)), c.dims(c.output())];
  const [inSize, outSize] = [xDims.slice(2), yDims.slice(2)];
  const { kernel, strides, dilations, before } = window;
  const images = (xDims[0] as number) * (xDims[1] as number);
  const count = sizeOf(kernel);
  const places = indicesOf(kernel);
  const positions = indicesOf(outSize).map((out) =>
    out.map((o, axis) => o * (strides[axis] as number) - (before[axis] as number)),
  );
  const inside = places.flatMap((place) =>
    positions.map((start) =>
      start.every((from, axis) => {
        const at = from + (place[axis] as number) * (dilations[axis] as number);
        return at >= 0 && at < (inSize[axis] as number);
      }),
    ),
  );
  const end = (positions.at(-1) as number[]).map(
    (from, axis) => from + ((kernel[axis] as number) - 1) * (dilations[axis] as number) + 1 - (inSize[axis] as number),
  );
  const oneHot = upTo(count * count).map((i) => (i % (count + 1) === 0 ? 1 : 0));
  const weight = c.tensor(float32([count, 1, ...kernel], oneHot));
  const patches = c.op('Conv', [reshape(c, c.input(0), [images, 1, ...inSize]), weight], {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...before, ...end.map((excess) => Math.max(excess, 0))],
  });
  const perWindow = [images, 1, ...outSize];
  const isMaximum = equality(c, patches, reshape(c, c.output(), perWindow));
  const mask = inside.every(Boolean)
    ? isMaximum
    : mul(c, isMaximum, c.tensor(float32([1, count, ...outSize], inside.map(Number))));
  const shares = mul(c, mask, div(c, reshape(c, dy, perWindow), reduceSum(c, mask, [1])));
  return reshape(c, spread(c, shares, weight, window, outSize, inSize, 1), xDims);
}

/**
 * {@link spread}, for a kernel of ConvTranspose that is wrong where each of several groups makes one channel of more than one (onnxruntime-web
 * 1.30): the first channel of every group is taken by itself, then the second, and so on, and the parts are added.
 */
const spreadInTurn: typeof spread = (c, dy, weight, window, from, to, group) => {
  const [outputs, perGroup] = c.dims(weight) as [number, number];
  const multiplier = outputs / group;
  if (group === 1 || perGroup > 1 || multiplier === 1) return spread(c, dy, weight, window, from, to, group);
  const every = (value: string, axis: number, first: number): string =>
    c.op('Slice', [value, c.list([first]), c.list([outputs]), c.list([axis]), c.list([multiplier])]);
  return upTo(multiplier)
    .map((m) => spread(c, every(dy, 1, m), every(weight, 0, m), window, from, to, group))
    .reduce((sum, part) => add(c, sum, part));
};

/**
 * Rules for WebGPU, to stand after the standard ones. onnxruntime's WebGPU kernel of MaxPool gives no indices: the elements that equal the
 * maximum share the gradient. Its kernels for int64 are few: Gather scatters by int32.
 */
export const webgpuRules: readonly GradientRule[] = [
  convolution(spreadInTurn),
  {
    ...transposedConvolution,
    gradient(c, dy) {
      const [channels, perGroup] = c.dims(c.input(1)) as [number, number];
      const group = c.int('group', 1);
      if (group > 1 && perGroup === 1 && channels > group)
        c.refuse('groups of several channels that give one each, which onnxruntime computes wrong on WebGPU');
      return transposedConvolution.gradient(c, dy);
    },
  },
  {
    op: 'MaxPool',
    attributes: ['auto_pad', 'ceil_mode', 'dilations', 'kernel_shape', 'pads', 'strides'],
    gradient(c, dy) {
      const [xDims, yDims] = [c.dims(c.input(0)), c.dims(c.output())];
      const window = readWindow(c, xDims.slice(2), yDims.slice(2));
      const { kernel, strides, dilations, before } = window;
      const isPlain = kernel.every(
        (k, i) =>
          k === strides[i] && dilations[i] === 1 && before[i] === 0 && xDims[i + 2] === (yDims[i + 2] as number) * k,
      );
      if (!isPlain) return [throughPatches(c, dy, window)];
      // Windows side by side are axes of their own.
      const split = [...yDims.slice(0, 2), ...kernel.flatMap((k, i) => [yDims[i + 2] as number, k])];
      const one = split.map((dim, i) => (i > 2 && i % 2 === 1 ? 1 : dim));
      const mask = equality(c, reshape(c, c.input(0), split), reshape(c, c.output(), one));
      const inWindow = kernel.map((_, i) => 2 * i + 3);
      const share = div(c, reshape(c, dy, one), reduceSum(c, mask, inWindow));
      return [reshape(c, mul(c, mask, share), xDims)];
    },
  },
  {
    op: 'Gather',
    attributes: ['axis'],
    inputs: [0],
    // With x as [before, dim, after] and dy as [before, n, after], each row of dy is added to the row its index names.
    gradient(c, dy) {
      const [x, index] = [c.input(0), c.input(1)];
      const dims = c.dims(x);
      const axis = (c.int('axis', 0) + dims.length) % dims.length;
      const [before, after] = [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis + 1))];
      const count = sizeOf(c.dims(index));
      const short = c.type(index) === 'int32' ? index : c.op('Cast', [index], { to: 6 });
      const places = expand(c, reshape(c, short, [1, count, 1]), [before, count, after]);
      const rows = reshape(c, dy, [before, count, after]);
      const into = zeros(c, [before, dims[axis] as number, after]);
      return [reshape(c, c.op('ScatterElements', [into, places, rows], { axis: 1, reduction: 'add' }), dims)];
    },
  },
];
