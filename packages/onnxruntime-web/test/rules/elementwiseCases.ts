import { float, float32, int64, type Tensor } from '@anneal/onnx';
import { positive, x, type RuleCase } from './ruleCase.ts';

const bools = (...values: number[]): Tensor => ({ type: 'bool', dims: [values.length], data: Uint8Array.from(values) });

/** Every way in which one operand is broadcast against another: rank, size 1, both at once, scalar. */
const broadcasts = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 3],
    [1, 3],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [[2, 3], []],
  [[1], [2, 2, 2]],
] as const;

export const elementwiseCases: readonly RuleCase[] = [
  ...['Add', 'Sub', 'Mul', 'Div'].flatMap((op) =>
    broadcasts.map(([a, b]): RuleCase => ({ op, inputs: [x(...a), positive(...b)] })),
  ),
  ...broadcasts.map(([a, b]): RuleCase => ({ op: 'Pow', inputs: [positive(...a), x(...b)] })),
  { op: 'Pow', note: 'an integer exponent', inputs: [x(4), int64([], [3])] },
  { op: 'Pow', note: 'a square of negative numbers', inputs: [x(4), float32([], [2])] },
  { op: 'Where', inputs: [bools(1, 0, 1), x(2, 3), x(3)] },
  { op: 'Where', note: 'a condition wider than its branches', inputs: [bools(1, 0, 1), x(), x(2, 1)] },
  { op: 'Sum', inputs: [x(2, 3), x(3), x(2, 1)] },
  { op: 'Mean', inputs: [x(2, 3), x(3), x(2, 1)] },
  { op: 'Max', inputs: [x(2, 3), x(3)] },
  { op: 'Max', note: 'a bound', inputs: [x(2, 3), float32([], [0.25])] },
  { op: 'Min', note: 'a bound first', inputs: [float32([1, 1], [0.25]), x(3)] },
  { op: 'Min', inputs: [x(2, 3), x(3), { dims: [1], values: [0] }] },
  ...[
    'Identity',
    'Neg',
    'Relu',
    'Tanh',
    'Sigmoid',
    'Softplus',
    'Softsign',
    'Exp',
    'Abs',
    'Sin',
    'Cos',
    'Erf',
    'HardSwish',
    'Mish',
  ].map((op): RuleCase => ({ op, inputs: [x(3, 5)] })),
  ...['Log', 'Sqrt', 'Reciprocal'].map((op): RuleCase => ({ op, inputs: [positive(8)] })),
  { op: 'Cast', inputs: [x(4)], attributes: { to: 1 } },
  { op: 'Cast', inputs: [x(4)], attributes: { to: 1, saturate: 1 }, opset: 19 },
  { op: 'CastLike', inputs: [x(4), float32([1], [0])] },
  { op: 'CastLike', inputs: [x(4), float32([1], [0])], attributes: { saturate: 1 }, opset: 19 },
  { op: 'Gelu', inputs: [x(16)], opset: 20 },
  { op: 'Gelu', inputs: [x(16)], attributes: { approximate: 'tanh' }, opset: 20 },
  { op: 'LeakyRelu', inputs: [x(8)] },
  { op: 'LeakyRelu', inputs: [x(8)], attributes: { alpha: float(0.3) } },
  { op: 'Elu', inputs: [x(8)] },
  { op: 'Elu', inputs: [x(8)], attributes: { alpha: float(0.5) } },
  { op: 'Selu', inputs: [x(8)] },
  { op: 'Selu', inputs: [x(8)], attributes: { alpha: float(1.2), gamma: float(1.5) } },
  { op: 'Celu', inputs: [x(8)] },
  { op: 'Celu', inputs: [x(8)], attributes: { alpha: float(2) } },
  { op: 'ThresholdedRelu', inputs: [x(8)] },
  { op: 'ThresholdedRelu', inputs: [x(8)], attributes: { alpha: float(0.5) } },
  { op: 'HardSigmoid', inputs: [x(8)] },
  { op: 'HardSigmoid', inputs: [x(8)], attributes: { alpha: float(1), beta: float(0.25) } },
  { op: 'PRelu', inputs: [x(2, 3), x(3)] },
  { op: 'PRelu', inputs: [x(2, 3, 2), x(3, 1)] },
  { op: 'Clip', inputs: [x(8), float32([], [-1]), float32([], [0.5])] },
  { op: 'Clip', inputs: [x(8), undefined, float32([], [0.5])] },
  { op: 'Clip', inputs: [x(8)] },
];
