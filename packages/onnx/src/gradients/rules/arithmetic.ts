import { div, equality, less, mul, neg, sub, where } from '../../graph/arithmetic.ts';
import { sizeOf } from '../../graph/tensor.ts';
import { broadcastRule, unaryRule } from '../elementwiseRule.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { isSumOfPowers } from './roots.ts';

/**
 * Max and Min pass the gradient to the inputs that equal the result, in equal parts, as PyTorch's amax and maximum do; all of it past a
 * bound, a single number that has no gradient, as its clamp does.
 */
const extremeRule = (op: string): GradientRule => ({
  op,
  gradient(c, dy) {
    const isBound = (i: number): boolean => !c.needs(i) && sizeOf(c.dims(c.input(i))) === 1;
    const bounded = c.node.inputs.length === 2 ? [0, 1].find((i) => c.needs(i) && isBound(1 - i)) : undefined;
    if (bounded !== undefined) {
      const x = c.input(bounded);
      const passed = where(c, c.op('Equal', [x, c.output()]), dy, 0);
      return [0, 1].map((i) => i === bounded && unbroadcast(c, passed, c.dims(c.output()), c.dims(x)));
    }
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
  // (xᵖ)' = p·xᵖ⁻¹·dx + y·ln x·dp. As in PyTorch the first term is 0 where p is, and the second where x is and p is not negative.
  broadcastRule('Pow', [0, 1], (c, dy) => {
    const x = c.input(0);
    const p = c.type(c.input(1)) === 'float32' ? c.input(1) : c.op('Cast', [c.input(1)], { to: 1 });
    const is = (value: string, number: number): string => c.op('Equal', [value, c.scalar(number)]);
    const known = c.constant(c.input(1));
    const exponents = known === undefined ? undefined : Array.from(known.data as Float32Array, Number);
    const base = (): string => {
      let gradient = mul(c, dy, mul(c, p, c.op('Pow', [x, sub(c, p, 1)])));
      if (exponents?.every((exponent) => exponent !== 0) !== true) gradient = where(c, is(p, 0), 0, gradient);
      // A root of powers is a norm.
      return exponents?.every((exponent) => exponent >= 1) !== true && isSumOfPowers(c, x)
        ? where(c, c.op('And', [is(x, 0), less(c, p, 1)]), 0, gradient)
        : gradient;
    };
    const exponent = (): string => {
      const still = c.op('And', [is(x, 0), c.op('Not', [less(c, p, 0)])]);
      return mul(c, dy, where(c, still, 0, mul(c, c.output(), c.op('Log', [x]))));
    };
    return [base, exponent];
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
