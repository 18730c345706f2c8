import { float, float32, int64, type AttributeInput, type Tensor } from '@anneal/onnx';
import { positive, x, type RuleCase } from './ruleCase.ts';

/** A convolution of x with w, with bias where there is one output channel per entry. */
const conv = (
  input: number[],
  weight: number[],
  attributes: Record<string, AttributeInput> = {},
  note = '',
): RuleCase => ({
  op: 'Conv',
  note,
  inputs: [x(...input), x(...weight), x(weight[0] as number)],
  attributes,
});

const transpose = (input: number[], weight: number[], attributes: Record<string, AttributeInput> = {}): RuleCase => ({
  op: 'ConvTranspose',
  inputs: [x(...input), x(...weight), x((weight[1] as number) * ((attributes['group'] as number | undefined) ?? 1))],
  attributes,
});

export const convolutionCases: readonly RuleCase[] = [
  { op: 'Conv', note: 'no bias', inputs: [x(1, 2, 4, 4), x(2, 2, 3, 3)] },
  conv([2, 2, 4, 5], [3, 2, 3, 2], { kernel_shape: [3, 2] }),
  conv([1, 2, 5, 6], [2, 2, 3, 3], { strides: [2, 1], pads: [1, 0, 1, 2] }),
  conv([1, 2, 6, 6], [2, 2, 3, 3], { strides: [2, 2] }, 'a last row that no window reaches'),
  conv([1, 1, 7, 7], [2, 1, 3, 3], { strides: [3, 2], pads: [1, 1, 1, 1] }),
  conv([1, 2, 7, 6], [2, 2, 3, 2], { dilations: [2, 3] }),
  conv([1, 1, 9, 8], [1, 1, 3, 3], { dilations: [2, 1], strides: [2, 2], pads: [2, 1, 2, 1] }),
  conv([2, 4, 4, 4], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }),
  conv([2, 3, 5, 5], [3, 1, 3, 3], { group: 3, strides: [2, 2], pads: [1, 1, 1, 1] }, 'depthwise'),
  conv([1, 2, 4, 4], [4, 1, 2, 2], { group: 2 }, 'depthwise with a multiplier'),
  conv([2, 3, 3, 3], [4, 3, 1, 1], {}, 'pointwise'),
  ...['SAME_UPPER', 'SAME_LOWER', 'VALID'].map((auto_pad) =>
    conv([1, 1, 5, 6], [2, 1, 2, 4], { auto_pad, strides: [2, 1] }),
  ),
  conv([1, 1, 5, 5], [1, 1, 3, 3], { auto_pad: 'NOTSET', pads: [0, 1, 2, 0] }),
  conv([2, 2, 7], [3, 2, 3], { strides: [2], pads: [1, 0] }, 'one axis'),
  conv([1, 2, 3, 4, 3], [2, 2, 2, 3, 2], { pads: [1, 0, 0, 0, 1, 1], strides: [1, 2, 1] }, 'three axes'),
  { op: 'ConvTranspose', note: 'no bias', inputs: [x(1, 2, 3, 3), x(2, 2, 3, 3)] },
  transpose([2, 2, 3, 4], [2, 3, 3, 2], { kernel_shape: [3, 2], strides: [2, 3] }),
  transpose([1, 2, 3, 3], [2, 2, 3, 3], { strides: [2, 2], pads: [1, 0, 1, 1], output_padding: [1, 0] }),
  transpose([1, 2, 4, 3], [2, 1, 2, 3], { dilations: [2, 1], pads: [0, 1, 1, 0] }),
  transpose([2, 4, 3, 3], [4, 2, 2, 2], { group: 2, strides: [2, 2] }),
  transpose([1, 3, 3, 2], [3, 1, 3, 3], { group: 3, strides: [2, 1], pads: [1, 1, 1, 1] }),
  transpose([1, 1, 3, 3], [1, 2, 3, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  transpose([1, 2, 5], [2, 2, 3], { strides: [2] }),
];

const pools: Record<string, AttributeInput>[] = [
  { kernel_shape: [2, 2] },
  { kernel_shape: [2, 3], strides: [2, 2] },
  { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1] },
  { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 },
  { kernel_shape: [2, 2], dilations: [2, 1] },
  { kernel_shape: [3, 2], auto_pad: 'SAME_UPPER', strides: [2, 2] },
  { kernel_shape: [3, 2], auto_pad: 'SAME_LOWER', strides: [2, 2] },
  { kernel_shape: [2, 2], auto_pad: 'VALID', strides: [2, 2] },
];

/** All different, 1/8 apart, and 16 apart in the order of a permutation, so that no step of the differences changes a maximum. */
const distinct = (...dims: number[]): RuleCase['inputs'][number] => {
  const count = dims.reduce((a, b) => a * b, 1);
  return { dims, values: Array.from({ length: count }, (_, i) => (((i * 37) % 101) - 50) / 4) };
};

export const poolingCases: readonly RuleCase[] = [
  ...pools.map((attributes): RuleCase => ({ op: 'MaxPool', inputs: [distinct(1, 2, 5, 6)], attributes })),
  {
    op: 'MaxPool',
    note: 'indices declared',
    inputs: [distinct(2, 1, 4, 4)],
    attributes: { kernel_shape: [2, 2], storage_order: 0 },
    outputs: 2,
    used: [0],
  },
  {
    op: 'MaxPool',
    note: 'windows side by side',
    inputs: [distinct(1, 2, 4, 6)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  { op: 'MaxPool', note: 'one axis', inputs: [distinct(1, 2, 7)], attributes: { kernel_shape: [3], strides: [2] } },
  ...pools.flatMap((attributes): RuleCase[] => {
    const opset = 'dilations' in attributes ? { opset: 19 } : {};
    return [
      { op: 'AveragePool', inputs: [x(1, 2, 5, 6)], attributes, ...opset },
      { op: 'AveragePool', inputs: [x(1, 2, 5, 6)], attributes: { ...attributes, count_include_pad: 1 }, ...opset },
    ];
  }),
  {
    op: 'AveragePool',
    note: 'one axis',
    inputs: [x(2, 2, 7)],
    attributes: { kernel_shape: [3], strides: [2], pads: [1, 1] },
  },
  { op: 'GlobalAveragePool', inputs: [x(2, 3, 4, 2)] },
  { op: 'GlobalMaxPool', inputs: [distinct(2, 3, 4, 2)] },
];

const bool = (value: number): Tensor => ({ type: 'bool', dims: [], data: Uint8Array.of(value) });
const statistics = [float32([3], [0.2, -0.1, 0.4]), float32([3], [0.5, 1.5, 2])];

export const normalizationCases: readonly RuleCase[] = [
  { op: 'LayerNormalization', inputs: [x(2, 5), x(5)] },
  { op: 'LayerNormalization', inputs: [x(2, 3, 4), x(4), x(4)], attributes: { epsilon: float(0.1), stash_type: 1 } },
  { op: 'LayerNormalization', inputs: [x(2, 3, 4), x(3, 4), x(3, 4)], attributes: { axis: 1 } },
  { op: 'LayerNormalization', note: 'all outputs', inputs: [x(2, 3, 4), x(4), x(4)], outputs: 3 },
  {
    op: 'LayerNormalization',
    note: 'mean and deviation alone',
    inputs: [x(2, 3, 4), float32([4], [1, 2, 3, 4])],
    attributes: { epsilon: float(0.1) },
    outputs: 3,
    used: [1, 2],
  },
  { op: 'InstanceNormalization', inputs: [x(2, 3, 4), x(3), x(3)] },
  { op: 'InstanceNormalization', inputs: [x(2, 2, 3, 2), x(2), x(2)], attributes: { epsilon: float(0.1) } },
  { op: 'BatchNormalization', inputs: [x(4, 3), x(3), x(3), ...statistics] },
  {
    op: 'BatchNormalization',
    inputs: [x(2, 3, 2, 2), x(3), x(3), ...statistics],
    attributes: { epsilon: float(0.1), momentum: float(0.8) },
  },
  {
    op: 'BatchNormalization',
    inputs: [x(2, 3, 2, 2), x(3), x(3), ...statistics],
    attributes: { training_mode: 1 },
    outputs: 3,
    used: [0],
  },
  { op: 'GroupNormalization', inputs: [x(2, 4, 3), x(2), x(2)], attributes: { num_groups: 2 } },
  {
    op: 'GroupNormalization',
    inputs: [x(2, 4, 2, 2), x(4), x(4)],
    attributes: { num_groups: 2, epsilon: float(0.1), stash_type: 1 },
    opset: 21,
  },
  { op: 'RMSNormalization', inputs: [x(2, 3, 4), x(4)], opset: 23 },
  {
    op: 'RMSNormalization',
    inputs: [x(2, 3, 4), x(3, 4)],
    attributes: { axis: 1, epsilon: float(0.1), stash_type: 1 },
    opset: 23,
  },
  { op: 'LpNormalization', inputs: [x(2, 4, 2)] },
  { op: 'LpNormalization', inputs: [x(2, 4, 2)], attributes: { axis: 1, p: 1 } },
  { op: 'LpNormalization', inputs: [x(2, 4)], attributes: { axis: 0, p: 2 } },
  { op: 'LRN', inputs: [x(1, 5, 2, 2)], attributes: { size: 3, alpha: float(1), beta: float(0.5), bias: float(2) } },
  { op: 'LRN', inputs: [x(1, 6, 1, 3)], attributes: { size: 5, alpha: float(2) } },
  { op: 'Dropout', inputs: [x(2, 3)] },
  { op: 'Dropout', inputs: [x(2, 3), float32([], [0.3]), bool(0)], attributes: { seed: 7 } },
];

const linear = (mode: string, coordinate: string): Record<string, AttributeInput> => ({
  mode,
  coordinate_transformation_mode: coordinate,
});

export const resizeCases: readonly RuleCase[] = [
  { op: 'Resize', inputs: [x(1, 2, 3, 4), undefined, float32([4], [1, 1, 2, 1.5])] },
  {
    op: 'Resize',
    inputs: [x(1, 2, 4, 4), undefined, undefined, int64([4], [1, 2, 7, 3])],
    attributes: linear('linear', 'half_pixel'),
  },
  {
    op: 'Resize',
    inputs: [x(1, 1, 4, 3), undefined, float32([4], [1, 1, 1.6, 2])],
    attributes: linear('linear', 'asymmetric'),
  },
  {
    op: 'Resize',
    inputs: [positive(1, 1, 4, 3), undefined, undefined, int64([4], [1, 1, 6, 5])],
    attributes: linear('linear', 'align_corners'),
  },
  {
    op: 'Resize',
    inputs: [x(2, 1, 4, 4), undefined, float32([4], [1, 1, 2, 2])],
    attributes: { ...linear('cubic', 'half_pixel'), cubic_coeff_a: float(-0.5), exclude_outside: 1 },
  },
  {
    op: 'Resize',
    inputs: [x(1, 1, 4, 4), undefined, float32([4], [1, 1, 2, 2])],
    attributes: { ...linear('nearest', 'asymmetric'), nearest_mode: 'floor' },
  },
  {
    op: 'Resize',
    inputs: [x(1, 1, 6, 4), undefined, undefined, int64([4], [1, 1, 3, 3])],
    attributes: { ...linear('linear', 'half_pixel'), antialias: 1 },
  },
  {
    op: 'Resize',
    note: 'a sequence',
    inputs: [x(1, 2, 5), undefined, float32([3], [1, 1, 2])],
    attributes: linear('linear', 'half_pixel'),
  },
  {
    op: 'Resize',
    note: 'a volume',
    inputs: [x(1, 1, 2, 3, 4), undefined, float32([5], [1, 1, 2, 1.5, 0.5])],
    attributes: linear('nearest', 'asymmetric'),
  },
  {
    op: 'Resize',
    note: 'by axis',
    inputs: [x(1, 2, 3, 4), undefined, float32([2], [1.5, 2])],
    attributes: { ...linear('linear', 'half_pixel'), axes: [3, 2] },
  },
  {
    op: 'Resize',
    inputs: [x(1, 1, 4, 6), undefined, undefined, int64([2], [7, 8])],
    attributes: { ...linear('linear', 'half_pixel'), axes: [-2, -1], keep_aspect_ratio_policy: 'stretch' },
  },
];
