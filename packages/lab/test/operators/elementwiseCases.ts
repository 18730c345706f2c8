import { float, float32, int64, type AttributeInput } from '@anneal/onnx';
import * as fc from 'fast-check';
import {
  axisOf,
  bools,
  dims,
  floats,
  pairOfShapes,
  positive,
  some,
  without,
  type CaseTable,
  type Cases,
  type Floats,
} from './operatorCase.ts';

const binary = (op: string, second = floats): Cases =>
  pairOfShapes.chain(([a, b]) => fc.tuple(floats(a), second(b)).map((inputs) => ({ op, inputs })));

const unary = (
  op: string,
  make = floats,
  attributes: fc.Arbitrary<Record<string, AttributeInput>> = fc.constant({}),
  opset = 18,
): Cases =>
  fc.tuple(dims(0, 4).chain(make), attributes).map(([x, set]) => ({ op, inputs: [x], attributes: set, opset }));

const scaled =
  (by: number) =>
  (shape: readonly number[]): fc.Arbitrary<Floats> =>
    floats(shape).map(({ dims, values }) => ({ dims, values: values.map((x) => x * by) }));
const aboveOne = (shape: readonly number[]): fc.Arbitrary<Floats> =>
  positive(shape).map(({ dims, values }) => ({ dims, values: values.map((x) => x + 1) }));

const several = (op: string): Cases =>
  pairOfShapes.chain(([a, b]) => fc.tuple(floats(a), floats(b), floats([])).map((inputs) => ({ op, inputs })));

const alpha = (min: number, max: number): fc.Arbitrary<Record<string, AttributeInput>> =>
  some(fc.integer({ min, max })).map((k) => without({ alpha: k === undefined ? undefined : float(k / 8) }));
const two = (a: string, b: string): fc.Arbitrary<Record<string, AttributeInput>> =>
  fc.tuple(some(fc.integer({ min: 1, max: 8 })), some(fc.integer({ min: 1, max: 8 }))).map(([x, y]) =>
    without({
      [a]: x === undefined ? undefined : float(x / 8),
      [b]: y === undefined ? undefined : float(y / 8 + 0.0625),
    }),
  );

const comparison = (op: string): Cases =>
  fc.tuple(pairOfShapes, fc.boolean()).chain(([[a, b], whole]) =>
    fc.tuple(floats(a), floats(b)).map(([x, y]) => ({
      op,
      inputs: whole
        ? [x, y].map((each) => ({
            fed: int64(
              each.dims,
              each.values.map((v) => Math.floor(v * 2)),
            ),
          }))
        : [x, y],
      forwardAlone: true,
    })),
  );
const logic = (op: string): Cases =>
  pairOfShapes.chain(([a, b]) =>
    fc.tuple(bools(a), bools(b)).map((inputs) => ({ op, inputs: inputs.map((fed) => ({ fed })), forwardAlone: true })),
  );

const trigonometric = ['Sin', 'Cos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Tanh', 'Exp', 'Erf'];
const within = ['Asin', 'Acos', 'Atanh', 'Tan'];

/** Bounds that elements lie at, and others. */
const clipped: Cases = fc
  .tuple(dims(0, 3).chain(floats), fc.constantFrom(undefined, -1, -0.875), fc.constantFrom(undefined, 0.5, 0.625))
  .map(([x, ...bounds]) => ({
    op: 'Clip',
    inputs: [x, ...bounds.map((bound) => (bound === undefined ? undefined : float32([], [bound])))],
  }));
const relu6: Cases = fc.array(fc.constantFrom(-1, 0, 3, 6, 7), { minLength: 1, maxLength: 6 }).map((values) => ({
  op: 'Clip',
  inputs: [{ dims: [values.length], values }, float32([], [0]), float32([], [6])],
}));

/** Past a bound, which is a constant, the gradient is whole; among equals it is shared. */
const bounded = (op: string): Cases =>
  fc
    .tuple(dims(0, 3).chain(floats), fc.constantFrom(0.125, -0.625))
    .map(([x, bound]) => ({ op, inputs: [x, float32([1], [bound])] }));

/** Elementwise operators. */
export const elementwiseCases: CaseTable = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div', positive),
  Pow: pairOfShapes.chain(([a, b]) => fc.tuple(positive(a), floats(b)).map((inputs) => ({ op: 'Pow', inputs }))),
  Sum: several('Sum'),
  Mean: several('Mean'),
  Max: fc.oneof(several('Max'), bounded('Max')),
  Min: fc.oneof(several('Min'), bounded('Min')),
  ...Object.fromEntries(trigonometric.map((op) => [op, unary(op)])),
  ...Object.fromEntries(within.map((op) => [op, unary(op, scaled(1 / 3.5))])),
  Acosh: unary('Acosh', aboveOne),
  ...Object.fromEntries(
    ['Neg', 'Abs', 'Relu', 'Sigmoid', 'Softplus', 'Softsign', 'HardSwish', 'Identity'].map((op) => [
      op,
      unary(op, scaled(3)),
    ]),
  ),
  Mish: unary('Mish', scaled(3), fc.constant({}), 18),
  ...Object.fromEntries(
    ['Sign', 'Floor', 'Ceil', 'Round', 'IsNaN'].map((op) => [
      op,
      unary(op, scaled(4)).map((one) => ({ ...one, forwardAlone: true })),
    ]),
  ),
  ...Object.fromEntries(['Log', 'Sqrt', 'Reciprocal'].map((op) => [op, unary(op, positive)])),
  Gelu: unary(
    'Gelu',
    scaled(2),
    some(fc.constantFrom('none', 'tanh')).map((approximate) => without({ approximate })),
    20,
  ),
  LeakyRelu: unary('LeakyRelu', floats, alpha(1, 8)),
  Elu: unary('Elu', floats, alpha(1, 16)),
  Selu: unary('Selu', floats, two('alpha', 'gamma')),
  Celu: unary('Celu', floats, alpha(2, 16)),
  ThresholdedRelu: unary(
    'ThresholdedRelu',
    floats,
    alpha(0, 3).map((set) => ('alpha' in set ? { alpha: float(0.5) } : set)),
  ),
  HardSigmoid: unary('HardSigmoid', scaled(1.5), two('alpha', 'beta')),
  PRelu: dims(1, 4).chain((shape) =>
    fc
      .tuple(floats(shape), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
      .chain(([x, ones]) =>
        floats(shape.map((dim, i) => (ones[i] === true ? 1 : dim))).map((slope) => ({
          op: 'PRelu',
          inputs: [x, slope],
        })),
      ),
  ),
  Clip: fc.oneof(clipped, relu6),
  Softmax: dims(1, 4).chain((shape) =>
    fc
      .tuple(scaled(3)(shape), some(axisOf(shape.length)))
      .map(([x, axis]) => ({ op: 'Softmax', inputs: [x], attributes: without({ axis }) })),
  ),
  LogSoftmax: dims(1, 4).chain((shape) =>
    fc
      .tuple(scaled(3)(shape), some(axisOf(shape.length)))
      .map(([x, axis]) => ({ op: 'LogSoftmax', inputs: [x], attributes: without({ axis }) })),
  ),
  ...Object.fromEntries(
    ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].map((op) => [op, comparison(op)]),
  ),
  ...Object.fromEntries(['And', 'Or', 'Xor'].map((op) => [op, logic(op)])),
  Not: dims(0, 3)
    .chain(bools)
    .map((fed) => ({ op: 'Not', inputs: [{ fed }], forwardAlone: true })),
  Where: fc
    .tuple(pairOfShapes, dims(1, 1))
    .chain(([[a, b]]) =>
      fc
        .tuple(bools(a), floats(a), floats(b), fc.boolean())
        .map(([condition, x, y, fed]) => ({ op: 'Where', inputs: [fed ? { fed: condition } : condition, x, y] })),
    ),
  Mod: fc.tuple(dims(0, 3), fc.boolean()).chain(([shape, fmod]) =>
    fc.tuple(floats(shape), positive(shape)).map(([x, y]) => ({
      op: 'Mod',
      inputs: [
        {
          fed: int64(
            shape,
            x.values.map((v) => Math.floor(v * 8)),
          ),
        },
        int64(
          shape,
          y.values.map((v) => Math.ceil(v)),
        ),
      ],
      attributes: fmod ? { fmod: 1 } : {},
      forwardAlone: true,
    })),
  ),
};
