import { float, int64 } from '@anneal/onnx';
import { positive, x, type RuleCase } from './ruleCase.ts';

const reductions = [
  'ReduceSum',
  'ReduceMean',
  'ReduceSumSquare',
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSumExp',
  'ReduceMax',
  'ReduceMin',
];

export const linearCases: readonly RuleCase[] = [
  ...[
    [
      [2, 3],
      [3, 4],
    ],
    [
      [2, 2, 3],
      [3, 2],
    ],
    [[3], [3, 2]],
    [[2, 3], [3]],
    [[3], [3]],
    [
      [2, 2, 3],
      [2, 3, 2],
    ],
    [
      [2, 1, 2, 3],
      [3, 3, 2],
    ],
    [
      [2, 3],
      [2, 3, 2],
    ],
    [[3], [2, 3, 2]],
    [[2, 2, 3], [3]],
  ].map(([a, b]): RuleCase => ({ op: 'MatMul', inputs: [x(...a!), x(...b!)] })),
  { op: 'Gemm', inputs: [x(2, 3), x(3, 4)] },
  { op: 'Gemm', inputs: [x(2, 3), x(3, 4), x(4)] },
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB): RuleCase => ({
      op: 'Gemm',
      inputs: [transA ? x(3, 2) : x(2, 3), transB ? x(4, 3) : x(3, 4), x(2, 1)],
      attributes: { transA, transB, alpha: float(0.5), beta: float(1.5) },
    })),
  ),
  ...reductions.flatMap((op): RuleCase[] => [
    { op, inputs: [x(2, 3, 2)] },
    { op, inputs: [x(2, 3, 2), int64([1], [1])] },
    { op, inputs: [x(2, 3, 2), int64([2], [-1, 0])], attributes: { keepdims: 0 } },
    { op, inputs: [x(2, 3)], attributes: { keepdims: 0 } },
    { op, note: 'no axes at all', inputs: [positive(2, 3), int64([0], [])], attributes: { noop_with_empty_axes: 1 } },
    {
      op,
      note: 'no axes, not kept',
      inputs: [positive(2, 3), int64([0], [])],
      attributes: { noop_with_empty_axes: 1, keepdims: 0 },
    },
  ]),
  { op: 'Softmax', inputs: [x(2, 4)] },
  { op: 'Softmax', inputs: [x(2, 4, 2)], attributes: { axis: 1 } },
  { op: 'LogSoftmax', inputs: [x(2, 4)] },
  { op: 'LogSoftmax', inputs: [x(2, 4, 2)], attributes: { axis: -2 } },
  { op: 'Reshape', inputs: [x(2, 6), int64([3], [3, -1, 2])] },
  { op: 'Reshape', inputs: [x(2, 6), int64([2], [4, 3])], attributes: { allowzero: 1 } },
  { op: 'Flatten', inputs: [x(2, 3, 2)] },
  { op: 'Flatten', inputs: [x(2, 3, 2)], attributes: { axis: 2 } },
  { op: 'Squeeze', inputs: [x(2, 1, 3, 1), int64([1], [1])] },
  { op: 'Squeeze', inputs: [x(2, 1, 3, 1)] },
  { op: 'Unsqueeze', inputs: [x(2, 3), int64([2], [0, -1])] },
  { op: 'Transpose', inputs: [x(2, 3, 4)] },
  { op: 'Transpose', inputs: [x(2, 3, 4)], attributes: { perm: [1, 2, 0] } },
];

const labels32 = { type: 'int32', dims: [4], data: Int32Array.of(2, 0, 1, 2) } as const;

export const crossEntropyCases: readonly RuleCase[] = [
  { op: 'SoftmaxCrossEntropyLoss', inputs: [x(4, 3), int64([4], [2, 0, 1, 2])] },
  { op: 'SoftmaxCrossEntropyLoss', inputs: [x(4, 3), labels32], outputs: 2 },
  {
    op: 'SoftmaxCrossEntropyLoss',
    note: 'log-probabilities alone',
    inputs: [x(4, 3), labels32],
    outputs: 2,
    used: [1],
  },
  ...['mean', 'sum', 'none'].flatMap((reduction): RuleCase[] => [
    { op: 'SoftmaxCrossEntropyLoss', inputs: [x(4, 3), labels32], attributes: { reduction } },
    {
      op: 'SoftmaxCrossEntropyLoss',
      inputs: [x(4, 3), int64([4], [2, -100, 1, 2])],
      attributes: { reduction, ignore_index: -100 },
    },
    {
      op: 'SoftmaxCrossEntropyLoss',
      inputs: [x(4, 3), labels32],
      attributes: { reduction, ignore_index: 2 },
      outputs: 2,
    },
    { op: 'SoftmaxCrossEntropyLoss', inputs: [x(2, 3, 2), int64([2, 2], [2, 0, 1, 1])], attributes: { reduction } },
  ]),
];
