import { matMul, transpose, upTo } from '../../graph/arithmetic.ts';
import { float32 } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

/**
 * Resizing is linear and acts on each axis alone: along an axis of m elements resized to n it is a matrix A [n, m], which the operator itself
 * gives when it is applied to the identity (undefined: nothing is resized). So dx = Aᵀ·dy along each resized axis, for every mode of interpolation.
 */
function axisMatrix(c: GradientContext, axis: number, from: number, to: number): string | undefined {
  const given = c.input(2) === '' ? undefined : (c.constant(c.input(2)) ?? c.refuse('scales that are not constant'));
  const rank = c.dims(c.input(0)).length;
  const axes = c.ints('axes')?.map((each) => (each + rank) % rank) ?? upTo(rank);
  // The scale given, not n/m: the two differ when n was rounded.
  const scale = given?.data[axes.indexOf(axis)] as number | undefined;
  if (from === to && (scale ?? 1) !== 1) c.refuse('a scale that leaves a size as it is and moves the grid');
  if (from === to) return undefined;
  const identity = Float32Array.from({ length: from * from }, (_, i) => (i % (from + 1) === 0 ? 1 : 0));
  const sizing =
    scale === undefined ? ['', '', c.list([1, 1, to, from])] : ['', c.tensor(float32([4], [1, 1, scale, 1]))];
  const attributes = { ...c.attributes };
  delete attributes['axes'];
  const resized = c.op('Resize', [c.tensor(float32([1, 1, from, from], identity)), ...sizing], attributes);
  return c.op('Squeeze', [resized, c.list([0, 1])]);
}

/** x of any rank times a matrix [n, m] along an axis: n becomes m there. */
function alongAxis(c: GradientContext, x: string, axis: number, rank: number, matrix: string): string {
  if (axis === rank - 1) return matMul(c, x, matrix);
  if (axis === rank - 2) return matMul(c, transpose(c, matrix, [1, 0]), x);
  // The axis and the last one change places.
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
  return transpose(c, matMul(c, transpose(c, x, perm), matrix), perm);
}

/** Any rank, resized along any axes. */
export const resizeRules: readonly GradientRule[] = [
  {
    op: 'Resize',
    attributes: [
      'antialias',
      'axes',
      'coordinate_transformation_mode',
      'cubic_coeff_a',
      'exclude_outside',
      'keep_aspect_ratio_policy',
      'mode',
      'nearest_mode',
    ],
    inputs: [0],
    gradient(c, dy) {
      const [from, to] = [c.dims(c.input(0)), c.dims(c.output())];
      if (c.text('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize')
        c.refuse('tf_crop_and_resize');
      if (c.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') c.refuse('a kept aspect ratio');
      let gradient = dy;
      from.forEach((size, axis) => {
        const matrix = axisMatrix(c, axis, size, to[axis] as number);
        if (matrix !== undefined) gradient = alongAxis(c, gradient, axis, from.length, matrix);
      });
      return [gradient];
    },
  },
];
