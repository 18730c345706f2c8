import { reduceSum, reshape, spatialAxes, transpose } from '../../graph/arithmetic.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { readWindow, type Window } from '../window.ts';

/**
 * The gradient of a convolution's input x from that of its result: each element of dy is spread over its window, which is a transposed
 * convolution. The pads at the end, or the padding of the output, are those that give x's size.
 */
export function spread(
  c: GradientContext,
  dy: string,
  weight: string,
  window: Window,
  from: readonly number[],
  to: readonly number[],
  group: number,
): string {
  const { kernel, strides, dilations, before } = window;
  const excess = kernel.map(
    (k, i) =>
      ((from[i] as number) - 1) * (strides[i] as number) +
      (k - 1) * (dilations[i] as number) +
      1 -
      (before[i] as number) -
      (to[i] as number),
  );
  return c.op('ConvTranspose', [dy, weight], {
    kernel_shape: kernel,
    strides,
    dilations,
    group,
    pads: [...before, ...excess.map((e) => Math.max(e, 0))],
    output_padding: excess.map((e) => Math.max(-e, 0)),
  });
}

/**
 * The gradient of a convolution's weights [M, C/g, k…] from its input [N, C, …] and result [N, M, …]: a convolution over the batch of the
 * input with the result as kernel, strides and dilations changing places. Groups become groups: g·N channels, C/g images.
 */
function weightGradient(
  c: GradientContext,
  input: string,
  result: string,
  inDims: readonly number[],
  window: Window,
  group: number,
): string {
  const axes = spatialAxes(inDims);
  const [batch, channels, ...size] = inDims as [number, number, ...number[]];
  const images = group === 1 ? transpose(c, input, [1, 0, ...axes]) : grouped();
  const kernel = transpose(c, result, [1, 0, ...axes]);
  const { strides, dilations, before, after } = window;
  const all = c.op('Conv', [images, kernel], {
    strides: dilations,
    dilations: strides,
    pads: [...before, ...after],
    group,
  });
  // Rows that no window reaches can leave more results than the kernel has weights.
  const exact = c.op('Slice', [all, c.list(axes.map(() => 0)), c.list(window.kernel), c.list(axes)]);
  return transpose(c, exact, [1, 0, ...axes]);

  function grouped(): string {
    const perGroup = channels / group;
    const split = reshape(c, input, [batch, group, perGroup, ...size]);
    const turned = transpose(c, split, [2, 1, 0, ...axes.map((axis) => axis + 1)]);
    return reshape(c, turned, [perGroup, group * batch, ...size]);
  }
}

const attributes = ['auto_pad', 'dilations', 'group', 'kernel_shape', 'pads', 'strides'];

/** The rule of Conv, with a way to spread the gradient of its result over its input. */
export const convolution = (spreadBy: typeof spread): GradientRule => ({
  op: 'Conv',
  attributes,
  gradient(c, dy) {
    const [x, w] = [c.input(0), c.input(1)];
    const [xDims, yDims] = [c.dims(x), c.dims(c.output())];
    const group = c.int('group', 1);
    const window = readWindow(c, xDims.slice(2), yDims.slice(2), c.dims(w).slice(2));
    return [
      c.needs(0) && spreadBy(c, dy, w, window, yDims.slice(2), xDims.slice(2), group),
      c.needs(1) && weightGradient(c, x, dy, xDims, window, group),
      c.needs(2) && reduceSum(c, dy, [0, ...spatialAxes(xDims)], 0),
    ];
  },
});

/** The roles of input and result change places. */
export const transposedConvolution: GradientRule = {
  op: 'ConvTranspose',
  attributes: [...attributes, 'output_padding'],
  gradient(c, dy) {
    const [x, w] = [c.input(0), c.input(1)];
    const [xDims, yDims] = [c.dims(x), c.dims(c.output())];
    const group = c.int('group', 1);
    if ((c.ints('output_padding') ?? []).length > 0 && c.text('auto_pad', 'NOTSET') !== 'NOTSET')
      c.refuse('output_padding with auto_pad');
    const window = readWindow(c, yDims.slice(2), xDims.slice(2), c.dims(w).slice(2));
    const { strides, dilations, before, after } = window;
    return [
      c.needs(0) &&
        c.op('Conv', [dy, w], {
          kernel_shape: window.kernel,
          strides,
          dilations,
          group,
          pads: [...before, ...after],
        }),
      c.needs(1) && weightGradient(c, dy, x, yDims, window, group),
      c.needs(2) && reduceSum(c, dy, [0, ...spatialAxes(xDims)], 0),
    ];
  },
};

/** Convolution of any rank, stride, dilation, padding and group, and its transpose. */
export const convolutionRules: readonly GradientRule[] = [convolution(spread), transposedConvolution];
