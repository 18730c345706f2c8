import { float32 } from '../../graph/tensor.ts';
import type { AttributeInput } from '../../graph/graphBuilder.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

/**
 * Resizing is linear and acts on each axis alone: along an axis of m elements resized to n it is a matrix A [n, m], which the operator itself
 * gives when it is applied to the identity. So dx = Aᵀ·dy along each resized axis, for every mode of interpolation.
 */
function axisMatrix(c: GradientContext, axis: number, from: number, to: number): string {
  const identity = float32(
    [1, 1, from, from],
    Float32Array.from({ length: from * from }, (_, i) => (i % (from + 1) === 0 ? 1 : 0)),
  );
  const attributes = Object.fromEntries(Object.entries(c.attributes).filter(([name]) => name !== 'axes')) as Record<
    string,
    AttributeInput
  >;
  const scales = c.input(2) === '' ? undefined : (c.constant(c.input(2)) ?? c.refuse('scales that are not constant'));
  // The scale given, not n/m: the two differ when n was rounded.
  const sizing =
    scales === undefined || scales.data.length === 0
      ? ['', '', c.list([1, 1, to, from])]
      : ['', c.tensor(float32([4], [1, 1, scales.data[axis] as number, 1]))];
  const resized = c.op('Resize', [c.tensor(identity), ...sizing], attributes);
  return c.op('Squeeze', [resized, c.list([0, 1])]);
}

/** Images of rank 4, resized along their last two axes. */
export const resizeRules: readonly GradientRule[] = [
  {
    op: 'Resize',
    attributes: [
      'antialias',
      'coordinate_transformation_mode',
      'cubic_coeff_a',
      'exclude_outside',
      'mode',
      'nearest_mode',
    ],
    inputs: [0],
    gradient(c, dy) {
      const [from, to] = [c.dims(c.input(0)), c.dims(c.output())];
      if (from.length !== 4 || from[0] !== to[0] || from[1] !== to[1]) c.refuse('other axes than the last two of four');
      if (c.text('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize')
        c.refuse('tf_crop_and_resize');
      const [height, width] = [
        axisMatrix(c, 2, from[2] as number, to[2] as number),
        axisMatrix(c, 3, from[3] as number, to[3] as number),
      ];
      return [c.op('MatMul', [c.op('MatMul', [c.op('Transpose', [height], { perm: [1, 0] }), dy]), width])];
    },
  },
];
