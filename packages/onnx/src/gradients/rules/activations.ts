import { add, div, exp, greater, less, mul, neg, sub, where } from '../../graph/arithmetic.ts';
import { broadcastRule, unaryRule } from '../elementwiseRule.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { isSumOfPowers } from './roots.ts';

const positive = (c: GradientContext, x: string): string => greater(c, x, 0);
/** low < x < high */
const inside = (c: GradientContext, x: string, low: number, high: number): string =>
  c.op('And', [greater(c, x, low), less(c, x, high)]);

/** √(2/π), of the tanh form of Gelu (Hendrycks & Gimpel 2016). */
const geluScale = Math.sqrt(2 / Math.PI);

const gelu = unaryRule(
  'Gelu',
  (c, dy, x, y) => {
    const square = mul(c, x, x);
    if (c.text('approximate', 'none') === 'tanh') {
      // y = x·s, s = (1 + tanh(k(x + 0.044715x³)))/2 = σ(x·p), p = 2k(1 + 0.044715x²); y' = s + y·(1 − s)·(3p − 4k)
      const p = add(c, mul(c, square, 2 * geluScale * 0.044715), 2 * geluScale);
      const s = c.op('Sigmoid', [mul(c, x, p)]);
      const slope = sub(c, mul(c, p, 3), 4 * geluScale);
      return mul(c, dy, add(c, s, mul(c, mul(c, y, sub(c, 1, s)), slope)));
    }
    // y = x·Φ(x); y' = Φ(x) + x·φ(x), Φ(x) = (1 + erf(x/√2))/2, φ(x) = e^{−x²/2}/√(2π)
    const cdf = mul(c, add(c, c.op('Erf', [mul(c, x, Math.SQRT1_2)]), 1), 0.5);
    const density = mul(c, exp(c, mul(c, square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return mul(c, dy, add(c, cdf, mul(c, x, density)));
  },
  ['approximate'],
);

/** y' = slope(x) on the positive side, k·eˣ'ˢ on the other: Elu, Selu, Celu. */
const exponentialUnit = (
  op: string,
  read: (c: GradientContext) => { gamma: number; alpha: number; scale: number },
  attributes: readonly string[],
): GradientRule =>
  unaryRule(
    op,
    (c, dy, x) => {
      const { gamma, alpha, scale } = read(c);
      const negative = mul(c, exp(c, scale === 1 ? x : mul(c, x, 1 / scale)), alpha);
      return mul(c, dy, where(c, positive(c, x), gamma, negative));
    },
    attributes,
  );

/** Functions of one element. */
export const activationRules: readonly GradientRule[] = [
  unaryRule('Relu', (c, dy, x) => where(c, positive(c, x), dy, 0)),
  unaryRule('Tanh', (c, dy, _, y) => mul(c, dy, sub(c, 1, mul(c, y, y)))),
  unaryRule('Sigmoid', (c, dy, _, y) => mul(c, dy, mul(c, y, sub(c, 1, y)))),
  unaryRule('Softplus', (c, dy, x) => mul(c, dy, c.op('Sigmoid', [x]))),
  // x/(1 + |x|)
  unaryRule('Softsign', (c, dy, x) => {
    const d = add(c, c.op('Abs', [x]), 1);
    return div(c, dy, mul(c, d, d));
  }),
  unaryRule('Exp', (c, dy, _, y) => mul(c, dy, y)),
  unaryRule('Log', (c, dy, x) => div(c, dy, x)),
  unaryRule('Sqrt', (c, dy, x, y) => {
    const gradient = mul(c, div(c, dy, y), 0.5);
    return isSumOfPowers(c, x) ? where(c, c.op('Equal', [y, c.scalar(0)]), 0, gradient) : gradient;
  }),
  unaryRule('Reciprocal', (c, dy, _, y) => neg(c, mul(c, dy, mul(c, y, y)))),
  unaryRule('Abs', (c, dy, x) => where(c, positive(c, x), dy, where(c, less(c, x, 0), neg(c, dy), 0))),
  unaryRule('Sin', (c, dy, x) => mul(c, dy, c.op('Cos', [x]))),
  unaryRule('Cos', (c, dy, x) => neg(c, mul(c, dy, c.op('Sin', [x])))),
  // erf' = 2/√π·e^{−x²}
  unaryRule('Erf', (c, dy, x) => mul(c, dy, mul(c, exp(c, neg(c, mul(c, x, x))), 2 / Math.sqrt(Math.PI)))),
  gelu,
  unaryRule('LeakyRelu', (c, dy, x) => where(c, positive(c, x), dy, mul(c, dy, c.float('alpha', 0.01))), ['alpha']),
  exponentialUnit('Elu', (c) => ({ gamma: 1, alpha: c.float('alpha', 1), scale: 1 }), ['alpha']),
  exponentialUnit(
    'Selu',
    (c) => {
      // The standard's defaults, Klambauer et al. 2017, rounded to float32 there.
      const gamma = c.float('gamma', 1.0507009873554805);
      return { gamma, alpha: gamma * c.float('alpha', 1.6732632423543772), scale: 1 };
    },
    ['alpha', 'gamma'],
  ),
  exponentialUnit('Celu', (c) => ({ gamma: 1, alpha: 1, scale: c.float('alpha', 1) }), ['alpha']),
  unaryRule('ThresholdedRelu', (c, dy, x) => where(c, greater(c, x, c.float('alpha', 1)), dy, 0), ['alpha']),
  // max(0, min(1, αx + β))
  unaryRule('HardSigmoid', (c, dy, _, y) => where(c, inside(c, y, 0, 1), mul(c, dy, c.float('alpha', 0.2)), 0), [
    'alpha',
    'beta',
  ]),
  // x·max(0, min(1, x/6 + 1/2)): slope x/3 + 1/2 between −3 and 3
  unaryRule('HardSwish', (c, dy, x) => {
    const middle = add(c, mul(c, x, 1 / 3), 0.5);
    const outer = where(c, positive(c, x), 1, 0);
    return mul(c, dy, where(c, inside(c, x, -3, 3), middle, outer));
  }),
  // x·tanh(s), s = softplus(x): t + x·(1 − t²)·σ(x)
  unaryRule('Mish', (c, dy, x) => {
    const t = c.op('Tanh', [c.op('Softplus', [x])]);
    return mul(c, dy, add(c, t, mul(c, mul(c, x, sub(c, 1, mul(c, t, t))), c.op('Sigmoid', [x]))));
  }),
  // x > 0 ? x : slope·x, the slope learnt
  broadcastRule('PRelu', [0, 1], (c, dy) => {
    const [x, slope] = [c.input(0), c.input(1)];
    return [() => where(c, positive(c, x), dy, mul(c, dy, slope)), () => where(c, positive(c, x), 0, mul(c, dy, x))];
  }),
  // Bounds are inputs; at a bound the gradient passes, as in PyTorch's clamp, but not at those of ReLU6.
  unaryRule('Clip', (c, dy, x) => {
    const [low, high] = [c.input(1), c.input(2)];
    const isBound = (value: string, number: number): boolean => c.constant(value)?.data[0] === number;
    if (isBound(low, 0) && isBound(high, 6)) return where(c, inside(c, x, 0, 6), dy, 0);
    let gradient = dy;
    if (low !== '') gradient = where(c, less(c, x, low), 0, gradient);
    if (high !== '') gradient = where(c, greater(c, x, high), 0, gradient);
    return gradient;
  }),
];
