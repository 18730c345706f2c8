import { div, equality, mul, neg, sub, where } from '../../graph/arithmetic.ts';
import { broadcastRule, unaryRule } from '../elementwiseRule.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Max and Min pass the gradient to the inputs that equal the result, in equal parts, as PyTorch's amax and maximum do. */
const extremeRule = (op: string): GradientRule => ({
  op,
  gradient(c, dy) {
    const masks = c.node.inputs.map((x) => equality(c, x, c.output()));
    const share = div(c, dy, c.op('Sum', masks));
    return c.node.inputs.map(
      (x, i) => c.needs(i) && unbroadcast(c, mul(c, share, masks[i] as string), c.dims(c.output()), c.dims(x)),
    );
  },
});

const sumRule = (op: string, factor: (c: GradientContext) => number): GradientRule => ({
  op,
  gradient: (c, dy) =>
    c.node.inputs.map((x, i) => {
      if (!c.needs(i)) return undefined;
      const k = factor(c);
      return unbroadcast(c, k === 1 ? dy : mul(c, dy, k), c.dims(c.output()), c.dims(x));
    }),
});

/** Sums, products and powers of broadcast operands. */
export const arithmeticRules: readonly GradientRule[] = [
  broadcastRule('Add', [0, 1], (_, dy) => [() => dy, () => dy]),
  broadcastRule('Sub', [0, 1], (c, dy) => [() => dy, () => neg(c, dy)]),
  broadcastRule('Mul', [0, 1], (c, dy) => [() => mul(c, dy, c.input(1)), () => mul(c, dy, c.input(0))]),
  // (a/b)' = da/b − (y/b)·db
  broadcastRule('Div', [0, 1], (c, dy) => [
    () => div(c, dy, c.input(1)),
    () => neg(c, mul(c, dy, div(c, c.output(), c.input(1)))),
  ]),
  // (xᵖ)' = p·xᵖ⁻¹·dx + y·ln x·dp; the second term is 0 where x is, as in PyTorch.
  broadcastRule('Pow', [0, 1], (c, dy) => {
    const [x, p] = [c.input(0), c.input(1)];
    return [
      () => mul(c, dy, mul(c, p, c.op('Pow', [x, sub(c, p, 1)]))),
      () => mul(c, dy, where(c, c.op('Equal', [x, c.scalar(0)]), 0, mul(c, c.output(), c.op('Log', [x])))),
    ];
  }),
  // Where(condition, a, b): the condition is not differentiated.
  broadcastRule('Where', [1, 2], (c, dy) => [() => where(c, c.input(0), dy, 0), () => where(c, c.input(0), 0, dy)]),
  sumRule('Sum', () => 1),
  sumRule('Mean', (c) => 1 / c.node.inputs.length),
  extremeRule('Max'),
  extremeRule('Min'),
  unaryRule('Identity', (_, dy) => dy),
  unaryRule('Neg', (c, dy) => neg(c, dy)),
  // Float to float; a cast to or from an integer ends the way.
  unaryRule('Cast', (_, dy) => dy, ['saturate', 'to']),
  unaryRule('CastLike', (_, dy) => dy, ['saturate']),
  // Piecewise constant: no way leads through them.
  ...['Floor', 'Ceil', 'Round', 'Sign'].map((op): GradientRule => ({ op, inputs: [], gradient: () => [] })),
];
