import type { Tensor } from '@tensorflow/tfjs-core';
import { alongAxis } from './differentiable.ts';
import type { Operator, OperatorContext } from './operator.ts';

/** Where a place of the result lies on an axis of n elements resized to m: the formulas of https://onnx.ai/onnx/operators/onnx__Resize.html. */
const coordinates: Readonly<Record<string, (i: number, scale: number, n: number, m: number) => number>> = {
  half_pixel: (i, scale) => (i + 0.5) / scale - 0.5,
  half_pixel_symmetric: (i, scale, n, m) => (n / 2) * (1 - m / (n * scale)) + (i + 0.5) / scale - 0.5,
  pytorch_half_pixel: (i, scale, _, m) => (m > 1 ? (i + 0.5) / scale - 0.5 : 0),
  align_corners: (i, _, n, m) => (m === 1 ? 0 : (i * (n - 1)) / (m - 1)),
  asymmetric: (i, scale) => i / scale,
};

const nearest: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Weights of the neighbours of a place, from `first` on. */
type Weights = (x: number) => { readonly first: number; readonly weights: readonly number[] };

const linear: Weights = (x) => {
  const first = Math.floor(x);
  return { first, weights: [1 - (x - first), x - first] };
};

/** Keys 1981, equation 15 with its parameter a. */
const cubic =
  (a: number): Weights =>
  (x) => {
    const first = Math.floor(x);
    const t = x - first;
    const near = (s: number): number => ((a + 2) * s - (a + 3)) * s * s + 1;
    const far = (s: number): number => ((a * s - 5 * a) * s + 8 * a) * s - 4 * a;
    return { first: first - 1, weights: [far(t + 1), near(t), near(1 - t), far(2 - t)] };
  };

function weightsOf(c: OperatorContext): Weights {
  const mode = c.text('mode', 'nearest');
  if (mode === 'linear') return linear;
  if (mode === 'cubic') return cubic(c.number('cubic_coeff_a', -0.75));
  const round = nearest[c.text('nearest_mode', 'round_prefer_floor')];
  if (mode !== 'nearest' || round === undefined) return c.refuse(`in the mode "${mode}"`);
  return (x) => ({ first: round(x), weights: [1] });
}

/** Resizing acts on each axis alone, where it is a matrix [n, m]: the weights of the n elements in each of the m. */
function axisMatrix(c: OperatorContext, n: number, m: number, scale: number): Float32Array {
  const name = c.text('coordinate_transformation_mode', 'half_pixel');
  const place = coordinates[name] ?? c.refuse(`with the coordinates "${name}"`);
  const [weights, excludes] = [weightsOf(c), c.int('exclude_outside', 0) === 1];
  const matrix = new Float32Array(n * m);
  for (let i = 0; i < m; i += 1) {
    const found = weights(place(i, scale, n, m));
    const inside = found.weights.map((w, k) => (excludes && (found.first + k < 0 || found.first + k >= n) ? 0 : w));
    const sum = excludes ? inside.reduce((a, b) => a + b, 0) : 1;
    inside.forEach((w, k) => {
      const at = Math.min(Math.max(found.first + k, 0), n - 1) * m + i;
      matrix[at] = (matrix[at] as number) + w / sum;
    });
  }
  return matrix;
}

function resize(c: OperatorContext): Tensor {
  if (c.int('antialias', 0) !== 0) c.refuse('with antialias');
  if (c.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') c.refuse('with a kept aspect ratio');
  const own = c.dims(0);
  const axes = c.ints('axes')?.map((axis) => c.axisOf(axis, own.length)) ?? own.map((_, i) => i);
  const [scales, sizes] = [c.list(2), c.list(3)].map((list) => (list?.length === 0 ? undefined : list));
  return axes.reduce(
    (x, axis, i) => {
      const n = own[axis] as number;
      const m = sizes?.[i] ?? Math.floor(n * ((scales ?? c.refuse('without scales or sizes'))[i] as number));
      const scale = scales?.[i] ?? m / n;
      if (n === m && scale === 1) return x;
      return alongAxis(
        c.tf,
        x,
        axis,
        c.constant(`axis ${axis}`, [n, m], () => axisMatrix(c, n, m, scale)),
      );
    },
    c.tf.clone(c.float(0)),
  );
}

/** Any rank, along any axes, by products with matrices. */
export const resizeOperators: readonly Operator[] = [
  {
    op: 'Resize',
    attributes: [
      'antialias',
      'axes',
      'coordinate_transformation_mode',
      'cubic_coeff_a',
      'exclude_outside',
      'extrapolation_value',
      'keep_aspect_ratio_policy',
      'mode',
      'nearest_mode',
    ],
    inputs: [0],
    device: resize,
  },
];
