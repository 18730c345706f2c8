import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast, withGradient } from './differentiable.ts';
import { onHost, unary } from './elementwise.ts';
import type { Operator, OperatorContext, Tfjs } from './operator.ts';

/** √(2/π), of the tanh form of Gelu (Hendrycks & Gimpel 2016). */
const geluScale = Math.sqrt(2 / Math.PI);

/** γ·x above zero and a·(e^{x/s} − 1) below: Elu, Selu, Celu. */
const exponentialUnit = (
  op: string,
  attributes: readonly string[],
  read: (c: OperatorContext) => { readonly gamma: number; readonly a: number; readonly s: number },
): Operator =>
  unary(
    op,
    (tf, x, c) => {
      const { gamma, a, s } = read(c);
      return tf.where(tf.greater(x, 0), tf.mul(x, gamma), tf.mul(tf.expm1(tf.div(x, s)), a));
    },
    {
      attributes,
      gradient(tf, dy, x, _, c) {
        const { gamma, a, s } = read(c);
        return tf.mul(dy, tf.where(tf.greater(x, 0), tf.fill(x.shape, gamma), tf.mul(tf.exp(tf.div(x, s)), a / s)));
      },
    },
  );

const zeros = (tf: Tfjs, x: Tensor): Tensor => tf.zerosLike(x);

/** x between two bounds; at a bound the gradient passes, as in PyTorch's clamp, but not at those of ReLU6. */
const clip: Operator = {
  op: 'Clip',
  inputs: [0],
  host(c) {
    const [low, high] = [c.scalar(1, -Infinity), c.scalar(2, Infinity)];
    return onHost(c, (x) => Math.min(Math.max(x, low), high), c.type(0), [c.host(0)]);
  },
  device(c) {
    const { tf } = c;
    const bounds = [1, 2].map((i) => (c.has(i) ? c.float(i) : tf.scalar(i === 1 ? -Infinity : Infinity)));
    const isBound = (i: number, value: number): boolean => c.isHost(i) && c.scalar(i, Number.NaN) === value;
    const open = isBound(1, 0) && isBound(2, 6);
    return withGradient(
      tf,
      [c.float(0)],
      bounds,
      ([x]) => tf.minimum(tf.maximum(x as Tensor, bounds[0] as Tensor), bounds[1] as Tensor),
      (dy, { inputs: [x], also: [low, high] }) => {
        const [above, below] = open ? [tf.greater, tf.less] : [tf.greaterEqual, tf.lessEqual];
        const inside = tf.logicalAnd(above(x as Tensor, low as Tensor), below(x as Tensor, high as Tensor));
        return [tf.where(inside, dy, zeros(tf, dy))];
      },
    );
  },
};

/** Softmax, or its logarithm, along one axis, which TensorFlow.js wants to be the last. */
const along = (op: string, f: (tf: Tfjs, x: Tensor) => Tensor): Operator => ({
  op,
  attributes: ['axis'],
  device(c) {
    const [{ tf }, x] = [c, c.float(0)];
    const axis = c.axis('axis', -1);
    if (axis === x.rank - 1) return f(tf, x);
    const order = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
    return tf.transpose(f(tf, tf.transpose(x, order)), order);
  },
});

/** Functions of one element, and softmax. */
export const activationOperators: readonly Operator[] = [
  unary('Relu', (tf, x) => tf.relu(x)),
  unary('Sigmoid', (tf, x) => tf.sigmoid(x)),
  unary('Tanh', (tf, x) => tf.tanh(x)),
  unary('Softplus', (tf, x) => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))), {
    gradient: (tf, dy, x) => tf.mul(dy, tf.sigmoid(x)),
  }),
  unary('Softsign', (tf, x) => tf.div(x, tf.add(tf.abs(x), 1)), {
    gradient: (tf, dy, x) => tf.div(dy, tf.square(tf.add(tf.abs(x), 1))),
  }),
  unary('LeakyRelu', (tf, x, c) => tf.leakyRelu(x, c.number('alpha', 0.01)), { attributes: ['alpha'] }),
  exponentialUnit('Elu', ['alpha'], (c) => ({ gamma: 1, a: c.number('alpha', 1), s: 1 })),
  exponentialUnit('Selu', ['alpha', 'gamma'], (c) => {
    // The standard's defaults, Klambauer et al. 2017.
    const gamma = c.number('gamma', 1.0507009873554805);
    return { gamma, a: gamma * c.number('alpha', 1.6732632423543772), s: 1 };
  }),
  exponentialUnit('Celu', ['alpha'], (c) => ({ gamma: 1, a: c.number('alpha', 1), s: c.number('alpha', 1) })),
  unary('ThresholdedRelu', (tf, x, c) => tf.where(tf.greater(x, c.number('alpha', 1)), x, zeros(tf, x)), {
    attributes: ['alpha'],
    gradient: (tf, dy, x, _, c) => tf.where(tf.greater(x, c.number('alpha', 1)), dy, zeros(tf, dy)),
  }),
  // max(0, min(1, αx + β))
  unary(
    'HardSigmoid',
    (tf, x, c) => tf.clipByValue(tf.add(tf.mul(x, c.number('alpha', 0.2)), c.number('beta', 0.5)), 0, 1),
    {
      attributes: ['alpha', 'beta'],
      gradient(tf, dy, _, y, c) {
        const inside = tf.logicalAnd(tf.greater(y, 0), tf.less(y, 1));
        return tf.where(inside, tf.mul(dy, c.number('alpha', 0.2)), zeros(tf, dy));
      },
    },
  ),
  // x·max(0, min(1, x/6 + 1/2))
  unary('HardSwish', (tf, x) => tf.mul(x, tf.clipByValue(tf.add(tf.mul(x, 1 / 6), 0.5), 0, 1)), {
    gradient(tf, dy, x) {
      const inside = tf.logicalAnd(tf.greater(x, -3), tf.less(x, 3));
      const outer = tf.cast(tf.greater(x, 0), 'float32');
      return tf.mul(dy, tf.where(inside, tf.add(tf.mul(x, 1 / 3), 0.5), outer));
    },
  }),
  // x·tanh(softplus x): with t the tangent, t + x·(1 − t²)·σ(x)
  unary('Mish', (tf, x) => tf.mul(x, mishTangent(tf, x)), {
    gradient(tf, dy, x) {
      const t = mishTangent(tf, x);
      return tf.mul(dy, tf.add(t, tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), tf.sigmoid(x))));
    },
  }),
  unary(
    'Gelu',
    (tf, x, c) => {
      const bend =
        c.text('approximate', 'none') === 'tanh'
          ? tf.tanh(tf.mul(tf.add(x, tf.mul(tf.mul(x, tf.square(x)), 0.044715)), geluScale))
          : tf.erf(tf.mul(x, Math.SQRT1_2));
      return tf.mul(tf.mul(x, 0.5), tf.add(bend, 1));
    },
    { attributes: ['approximate'] },
  ),
  {
    // x > 0 ? x : slope·x, the slope learnt
    op: 'PRelu',
    device(c) {
      const { tf } = c;
      const pair = broadcast(tf, [c.float(0), c.float(1)], (what) => c.refuse(what));
      return withGradient(
        tf,
        pair,
        [],
        ([x, slope]) => tf.where(tf.greater(x as Tensor, 0), x as Tensor, tf.mul(x as Tensor, slope as Tensor)),
        (dy, { inputs: [x, slope] }) => {
          const positive = tf.greater(x as Tensor, 0);
          return [
            tf.where(positive, dy, tf.mul(dy, slope as Tensor)),
            tf.where(positive, zeros(tf, dy), tf.mul(dy, x as Tensor)),
          ];
        },
      );
    },
  },
  clip,
  along('Softmax', (tf, x) => tf.softmax(x)),
  along('LogSoftmax', (tf, x) => tf.logSoftmax(x)),
];

const mishTangent = (tf: Tfjs, x: Tensor): Tensor => tf.tanh(tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))));
