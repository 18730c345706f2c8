import { reshape, transpose, upTo } from '../../graph/arithmetic.ts';
import type { GradientRule } from '../gradientRule.ts';

/** The elements stay as they are, in their order: the gradient takes the input's shape. */
const reshaping = (op: string, attributes: readonly string[] = []): GradientRule => ({
  op,
  attributes,
  inputs: [0],
  gradient: (c, dy) => [reshape(c, dy, c.dims(c.input(0)))],
});

/** Operators that move elements without computing. */
export const shapeRules: readonly GradientRule[] = [
  reshaping('Reshape', ['allowzero']),
  reshaping('Flatten', ['axis']),
  reshaping('Squeeze'),
  reshaping('Unsqueeze'),
  {
    op: 'Transpose',
    attributes: ['perm'],
    gradient(c, dy) {
      const rank = c.dims(c.input(0)).length;
      const perm = c.ints('perm') ?? upTo(rank).toReversed();
      return [
        transpose(
          c,
          dy,
          perm.map((_, i) => perm.indexOf(i)),
        ),
      ];
    },
  },
];
