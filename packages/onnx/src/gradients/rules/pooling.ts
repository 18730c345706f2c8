import { div, equality, expand, mul, reduceSum, spatialAxes } from '../../graph/arithmetic.ts';
import { float32, sizeOf } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { readWindow, type Window } from '../window.ts';
import { spread } from './convolution.ts';
import { scatterBack } from './moves.ts';

const pool = ['auto_pad', 'ceil_mode', 'dilations', 'kernel_shape', 'pads', 'strides'];

/** 1/(elements averaged) at each place of the result, [1, 1, out…]. */
function shares(c: GradientContext, window: Window, inSize: readonly number[], outSize: readonly number[]): string {
  const includePads = c.int('count_include_pad', 0) === 1;
  const counts = outSize.map((out, axis) => {
    const [k, s, d] = [window.kernel[axis], window.strides[axis], window.dilations[axis]] as [number, number, number];
    const [before, after, size] = [window.before[axis], window.after[axis], inSize[axis]] as [number, number, number];
    const [low, high] = includePads ? [-before, size + after] : [0, size];
    // The j in [0, k) with low <= i·s − before + j·d < high
    return Array.from({ length: out }, (_, i) => {
      const start = i * s - before;
      return Math.min(k - 1, Math.ceil((high - start) / d) - 1) - Math.max(0, Math.ceil((low - start) / d)) + 1;
    });
  });
  const all = counts.reduce((a, b) => a.flatMap((x) => b.map((y) => x * y)), [1]);
  return c.tensor(
    float32(
      [1, 1, ...outSize],
      all.map((count) => 1 / count),
    ),
  );
}

/** Pools over windows and over everything. */
export const poolingRules: readonly GradientRule[] = [
  {
    op: 'MaxPool',
    attributes: [...pool, 'storage_order'],
    inputs: [0],
    gradient(c, dy) {
      if (c.int('storage_order', 0) !== 0) c.refuse('storage_order 1');
      return [scatterBack(c, dy, c.needOutput(1))];
    },
  },
  {
    op: 'AveragePool',
    attributes: [...pool, 'count_include_pad'],
    gradient(c, dy) {
      const [xDims, yDims] = [c.dims(c.input(0)), c.dims(c.output())];
      const [inSize, outSize] = [xDims.slice(2), yDims.slice(2)];
      const window = readWindow(c, inSize, outSize);
      const channels = xDims[1] as number;
      const ones = expand(c, c.scalar(1), [channels, 1, ...window.kernel]);
      return [spread(c, mul(c, dy, shares(c, window, inSize, outSize)), ones, window, outSize, inSize, channels)];
    },
  },
  {
    op: 'GlobalAveragePool',
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      return [expand(c, mul(c, dy, 1 / sizeOf(dims.slice(2))), dims)];
    },
  },
  {
    op: 'GlobalMaxPool',
    gradient(c, dy) {
      const mask = equality(c, c.input(0), c.output());
      const axes = spatialAxes(c.dims(c.input(0)));
      return [mul(c, mask, div(c, dy, reduceSum(c, mask, axes)))];
    },
  },
];
