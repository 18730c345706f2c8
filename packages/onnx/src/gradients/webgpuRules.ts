import { div, equality, expand, mul, reduceSum, reshape, zeros } from '../graph/arithmetic.ts';
import { sizeOf } from '../graph/tensor.ts';
import type { GradientRule } from './gradientRule.ts';
import { readWindow } from './window.ts';

/**
 * Rules for WebGPU, to stand after the standard ones. onnxruntime's WebGPU kernel of MaxPool gives no indices: windows that do not overlap are
 * axes of their own, and the elements that equal the maximum share the gradient. Its kernels for int64 are few: Gather scatters by int32.
 */
export const webgpuRules: readonly GradientRule[] = [
  {
    op: 'MaxPool',
    attributes: ['auto_pad', 'ceil_mode', 'dilations', 'kernel_shape', 'pads', 'strides'],
    gradient(c, dy) {
      const [xDims, yDims] = [c.dims(c.input(0)), c.dims(c.output())];
      const { kernel, strides, dilations, before, after } = readWindow(c, xDims.slice(2), yDims.slice(2));
      const plain = kernel.every((k, i) => k === strides[i] && dilations[i] === 1 && before[i] === 0 && after[i] === 0);
      if (!plain || kernel.some((k, i) => xDims[i + 2] !== (yDims[i + 2] as number) * k)) {
        c.refuse('windows that overlap, are padded or leave a rest, on WebGPU');
      }
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
