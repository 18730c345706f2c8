import {
  float,
  float32,
  GraphBuilder,
  int64,
  OnnxError,
  raiseOpset,
  writeModel,
  type AttributeInput,
  type Model,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { ort } from './ort.ts';

const x = Float32Array.from({ length: 24 }, (_, i) => Math.sin(3 * i));

interface Old {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  readonly constants?: readonly Parameters<GraphBuilder['parameter']>[1][];
  readonly outputs?: number;
  readonly dims?: readonly number[];
}

/** Forms that a later operator set writes otherwise. */
const cases: readonly Old[] = [
  { op: 'Squeeze', opset: 11, attributes: { axes: [1] }, dims: [2, 1, 12] },
  { op: 'Squeeze', opset: 11, dims: [2, 1, 12] },
  { op: 'Unsqueeze', opset: 11, attributes: { axes: [0, 2] } },
  { op: 'ReduceSum', opset: 11, attributes: { axes: [1], keepdims: 0 } },
  { op: 'ReduceMean', opset: 13, attributes: { axes: [0, -1] } },
  { op: 'ReduceMax', opset: 11 },
  { op: 'ReduceL2', opset: 17, attributes: { axes: [2] } },
  { op: 'Split', opset: 11, attributes: { axis: 1, split: [1, 2] }, outputs: 2 },
  { op: 'Split', opset: 11, attributes: { axis: 2 }, outputs: 2 },
  { op: 'Split', opset: 13, attributes: { axis: 1 }, constants: [int64([2], [2, 1])], outputs: 2 },
  { op: 'Split', opset: 13, attributes: { axis: 2 }, outputs: 4 },
  { op: 'Dropout', opset: 10, attributes: { ratio: float(0.3) } },
  { op: 'Clip', opset: 6 + 1, attributes: { min: float(-0.5), max: float(0.25) } },
  { op: 'Clip', opset: 10, attributes: { max: float(0.25) } },
  { op: 'Clip', opset: 10 },
  { op: 'Pad', opset: 10, attributes: { pads: [0, 1, 0, 0, 0, 2], value: float(7) } },
  { op: 'Pad', opset: 10, attributes: { pads: [0, 1, 0, 0, 0, 2], mode: 'reflect' } },
  { op: 'Slice', opset: 9, attributes: { starts: [1, 0], ends: [3, -1], axes: [1, 2] } },
  { op: 'Slice', opset: 9, attributes: { starts: [1], ends: [2] } },
  { op: 'TopK', opset: 9, attributes: { k: 2 }, outputs: 2 },
  { op: 'Upsample', opset: 8, attributes: { scales: { kind: 'floats', value: [1, 1, 2, 3] } }, dims: [1, 2, 3, 4] },
  {
    op: 'Upsample',
    opset: 9,
    attributes: { mode: 'linear' },
    constants: [float32([4], [1, 1, 2, 3])],
    dims: [1, 2, 3, 4],
  },
  { op: 'Resize', opset: 10, constants: [float32([4], [1, 1, 1.5, 2])], dims: [1, 2, 3, 4] },
  { op: 'Softmax', opset: 11 },
  { op: 'Softmax', opset: 11, attributes: { axis: -1 } },
  { op: 'LogSoftmax', opset: 9, attributes: { axis: 2 } },
  {
    op: 'Scatter',
    opset: 9,
    attributes: { axis: 2 },
    constants: [int64([1, 1, 2], [3, 0]), float32([1, 1, 2], [8, 9])],
  },
  {
    op: 'BatchNormalization',
    opset: 7,
    attributes: { spatial: 1, epsilon: float(0.01) },
    constants: [
      float32([3], [1, 2, 3]),
      float32([3], [0, 1, 0]),
      float32([3], [0.1, 0.2, 0.3]),
      float32([3], [1, 2, 0.5]),
    ],
  },
];

function build({ op, opset, attributes, constants = [], outputs = 1, dims = [2, 3, 4] }: Old): Model {
  const graph = new GraphBuilder();
  const inputs = [graph.input('x', 'float32', dims), ...constants.map((tensor, i) => graph.parameter(`c${i}`, tensor))];
  for (const output of graph.ops(op, inputs, outputs, attributes)) graph.output(output);
  return { ...graph.model(), opsets: new Map([['', opset]]) };
}

async function run(model: Model, dims: readonly number[]): Promise<unknown[]> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const results = await session.run({ x: new ort.Tensor('float32', x, dims) });
  await session.release();
  return session.outputNames.map((name) => ({ dims: results[name]!.dims, data: results[name]!.data }));
}

describe('raised to operator set 18, a model computes what it did:', () => {
  test.each(cases.map((old) => [`${old.op} of ${old.opset} ${JSON.stringify(old.attributes ?? {})}`, old] as const))(
    '%s',
    async (_, old) => {
      const model = build(old);
      const raised = raiseOpset(model);
      expect(raised.opsets.get('')).toBe(18);
      const dims = old.dims ?? [2, 3, 4];
      expect(await run(raised, dims)).toEqual(await run(model, dims));
    },
  );
});

test('constants become initializers, also inside subgraphs', async () => {
  const branch = (value: number): AttributeInput => {
    const inner = new GraphBuilder();
    inner.output('result', inner.op('Constant', [], { value_float: float(value) }));
    return { kind: 'graph', value: inner.model().graph };
  };
  const graph = new GraphBuilder();
  graph.input('x', 'float32', [2, 3, 4]);
  const flag = graph.op('Constant', [], { value: { type: 'bool', dims: [], data: Uint8Array.of(1) } });
  graph.output('y', graph.op('Add', [graph.op('If', [flag], { then_branch: branch(2), else_branch: branch(3) }), 'x']));
  const raised = raiseOpset({ ...graph.model(), opsets: new Map([['', 13]]) });
  expect(raised.graph.nodes.map(({ op }) => op)).not.toContain('Constant');
  expect(await run(raised, [2, 3, 4])).toEqual([{ dims: [2, 3, 4], data: x.map((value) => value + 2) }]);
});

test('a later operator set is kept, one before 7 refused', () => {
  expect(raiseOpset(build({ op: 'Relu', opset: 21 })).opsets.get('')).toBe(21);
  expect(() => raiseOpset(build({ op: 'Relu', opset: 6 }))).toThrow(OnnxError);
});

test('batch normalisation of five outputs, which said training mode before 14, says so by its attribute', async () => {
  const channels = (values: number[]) => float32([3], values);
  const old = { op: 'BatchNormalization', attributes: { momentum: float(0.8) }, opset: 13, outputs: 5 };
  const constants = [channels([1, 2, 3]), channels([0, 1, 0]), channels([5, 5, 5]), channels([9, 9, 9])];
  const raised = raiseOpset(build({ ...old, constants }));
  // The two that were for a gradient are gone; nothing could read them.
  const [y, mean] = (await run(
    { ...raised, graph: { ...raised.graph, outputs: raised.graph.outputs.slice(0, 3) } },
    [2, 3, 4],
  )) as { data: Float32Array }[];
  const first = [...x.slice(0, 4), ...x.slice(12, 16)];
  const average = first.reduce((a, b) => a + b) / 8;
  const deviation = Math.sqrt(first.reduce((sum, value) => sum + (value - average) ** 2, 0) / 8 + 1e-5);
  expect(y!.data[0]).toBeCloseTo((first[0]! - average) / deviation, 5);
  expect(mean!.data[0]).toBeCloseTo(0.8 * 5 + 0.2 * average, 5);
});
