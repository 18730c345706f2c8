import { exp, mul, reduceSum, sub } from '../../graph/arithmetic.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

const axis = (c: GradientContext): number => {
  const rank = c.dims(c.input(0)).length;
  return (c.int('axis', -1) + rank) % rank;
};

/** Softmax and its logarithm. */
export const softmaxRules: readonly GradientRule[] = [
  {
    op: 'Softmax',
    attributes: ['axis'],
    // dx = y·(dy − Σ y·dy)
    gradient(c, dy) {
      const y = c.output();
      return [mul(c, y, sub(c, dy, reduceSum(c, mul(c, y, dy), [axis(c)])))];
    },
  },
  {
    op: 'LogSoftmax',
    attributes: ['axis'],
    // dx = dy − eʸ·Σ dy
    gradient: (c, dy) => [sub(c, dy, mul(c, exp(c, c.output()), reduceSum(c, dy, [axis(c)])))],
  },
];
