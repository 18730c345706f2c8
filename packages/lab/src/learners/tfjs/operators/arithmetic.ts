import { isSumOfPowers, sizeOf } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast, withGradient } from './differentiable.ts';
import { broadcastFloats, onHost, unary } from './elementwise.ts';
import type { Operator, OperatorContext, Tfjs } from './operator.ts';
import { isFloat } from './value.ts';

const binary = (op: string, host: (a: number, b: number) => number, device: Operator['device']): Operator => ({
  op,
  host: (c) => onHost(c, host),
  ...(device && { device }),
});

const pair =
  (f: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor): Operator['device'] =>
  (c) =>
    f(c.tf, c.float(0), c.float(1));

/**
 * Max and Min pass the gradient to the inputs that equal the result, in equal parts; all of it past a bound, a single number that has no
 * gradient. So do the rules of @anneal/onnx; TensorFlow.js takes the first.
 */
const extreme = (
  op: string,
  host: (...x: number[]) => number,
  of: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor,
): Operator => ({
  op,
  host: (c) => onHost(c, host),
  device(c) {
    const { tf } = c;
    const isBound = (i: number): boolean => !c.needs(i) && sizeOf(c.dims(i)) === 1;
    const bounded = c.count === 2 && [0, 1].some((i) => c.needs(i) && isBound(1 - i));
    return withGradient(
      tf,
      broadcastFloats(c),
      [],
      (xs) => xs.reduce((a, b) => of(tf, a, b)),
      (dy, { inputs, y }) => {
        const masks = inputs.map((x) => tf.cast(tf.equal(x, y), 'float32'));
        const share = bounded ? dy : tf.div(dy, tf.addN(masks));
        return masks.map((mask) => tf.mul(mask, share));
      },
    );
  },
});

/** √x; where x is a sum of powers, a norm, the gradient at 0 is 0, as the rules of @anneal/onnx have it. */
const squareRoot = unary('Sqrt', (tf, x) => tf.sqrt(x), {
  host: Math.sqrt,
  gradient(tf, dy, _, y, c) {
    const gradient = tf.div(dy, tf.mul(y, 2));
    return isSumOfPowers(c, c.node.inputs[0] ?? '') ? tf.where(tf.equal(y, 0), tf.zerosLike(dy), gradient) : gradient;
  },
});

/** xᵖ: p·xᵖ⁻¹·dx + y·ln x·dp. The first term is 0 where p is, and at the corner of a norm; the second where x is 0 and p is not negative. */
function power(c: OperatorContext): Tensor {
  const { tf } = c;
  const exponent = c.type(1) === 'float32' ? c.float(1) : tf.cast(c.tensor(1), 'float32');
  const isNorm = isSumOfPowers(c, c.node.inputs[0] ?? '');
  const pair = broadcast(tf, [c.float(0), exponent], (what) => c.refuse(what));
  return withGradient(
    tf,
    pair,
    [],
    ([x, p]) => tf.pow(x as Tensor, p as Tensor),
    (dy, { inputs, y }) => {
      const [x, p] = inputs as [Tensor, Tensor];
      const [none, atZero] = [tf.zerosLike(dy), tf.equal(x, 0)];
      const slope = tf.mul(dy, tf.mul(p, tf.pow(x, tf.sub(p, 1))));
      const still = isNorm ? tf.logicalOr(tf.equal(p, 0), tf.logicalAnd(atZero, tf.less(p, 1))) : tf.equal(p, 0);
      const growth = tf.mul(dy, tf.mul(y, tf.log(x)));
      return [tf.where(still, none, slope), tf.where(tf.logicalAnd(atZero, tf.greaterEqual(p, 0)), none, growth)];
    },
  );
}

const sum = (c: OperatorContext): Tensor => broadcastFloats(c).reduce((a, b) => c.tf.add(a, b));

/** The nearest whole number, the even one of two. */
const rounded = (x: number): number => {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
};

/** Constant between its steps: no way leads through it. */
const stepped = (op: string, host: (x: number) => number, f: (tf: Tfjs, x: Tensor) => Tensor): Operator =>
  unary(op, f, { inputs: [], host });

/** Sums, products, powers, roots, trigonometry. */
export const arithmeticOperators: readonly Operator[] = [
  binary(
    'Add',
    (a, b) => a + b,
    pair((tf, a, b) => tf.add(a, b)),
  ),
  binary(
    'Sub',
    (a, b) => a - b,
    pair((tf, a, b) => tf.sub(a, b)),
  ),
  binary(
    'Mul',
    (a, b) => a * b,
    pair((tf, a, b) => tf.mul(a, b)),
  ),
  {
    op: 'Div',
    // Whole numbers are cut towards zero.
    host: (c) => onHost(c, isFloat(c.type(0)) ? (a, b) => a / b : (a, b) => Math.trunc(a / b)),
    device: (c) => c.tf.div(c.float(0), c.float(1)),
  },
  {
    op: 'Mod',
    attributes: ['fmod'],
    inputs: [],
    host: (c) => onHost(c, c.int('fmod', 0) === 1 ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b)),
  },
  {
    op: 'Pow',
    host: (c) =>
      c.type(0) === 'float32' && c.host(1).data.every((p) => p === 0.5)
        ? onHost(c, (x) => Math.sqrt(x))
        : onHost(c, (x, p) => x ** p),
    device: power,
  },
  {
    op: 'Sum',
    host: (c) => onHost(c, (...xs) => xs.reduce((a, b) => a + b)),
    device: sum,
  },
  { op: 'Mean', device: (c) => c.tf.div(sum(c), c.count) },
  extreme('Max', Math.max, (tf, a, b) => tf.maximum(a, b)),
  extreme('Min', Math.min, (tf, a, b) => tf.minimum(a, b)),
  unary('Neg', (tf, x) => tf.neg(x), { host: (x) => -x }),
  // TensorFlow.js has the slope −1 at 0.
  unary('Abs', (tf, x) => tf.abs(x), { host: Math.abs, gradient: (tf, dy, x) => tf.mul(dy, tf.sign(x)) }),
  stepped('Sign', Math.sign, (tf, x) => tf.sign(x)),
  stepped('Floor', Math.floor, (tf, x) => tf.floor(x)),
  stepped('Ceil', Math.ceil, (tf, x) => tf.ceil(x)),
  stepped('Round', rounded, (tf, x) => tf.round(x)),
  unary('Reciprocal', (tf, x) => tf.reciprocal(x), {
    host: (x) => 1 / x,
    gradient: (tf, dy, _, y) => tf.neg(tf.mul(dy, tf.square(y))),
  }),
  squareRoot,
  unary('Exp', (tf, x) => tf.exp(x)),
  unary('Log', (tf, x) => tf.log(x)),
  unary('Sin', (tf, x) => tf.sin(x)),
  unary('Cos', (tf, x) => tf.cos(x)),
  unary('Tan', (tf, x) => tf.tan(x)),
  unary('Asin', (tf, x) => tf.asin(x)),
  unary('Acos', (tf, x) => tf.acos(x)),
  unary('Atan', (tf, x) => tf.atan(x)),
  unary('Sinh', (tf, x) => tf.sinh(x)),
  unary('Cosh', (tf, x) => tf.cosh(x)),
  unary('Asinh', (tf, x) => tf.asinh(x)),
  unary('Acosh', (tf, x) => tf.acosh(x)),
  unary('Atanh', (tf, x) => tf.atanh(x)),
  unary('Erf', (tf, x) => tf.erf(x)),
];
