import {
  GraphBuilder,
  int64,
  specialize,
  writeModel,
  type AttributeInput,
  type Model,
  type Tensor,
} from '@anneal/onnx';
import { expect, test } from 'vitest';
import { ort } from './ort.ts';

const int = (dims: readonly number[], ...data: number[]): Tensor => int64(dims, data);
const bool = (...data: number[]): Tensor => ({ type: 'bool', dims: [data.length], data: Uint8Array.from(data) });
const [a, b] = [int([4], 7, -7, 0, 3), int([4], 2, 2, -5, 3)];
const column = int([2, 1], 7, -2);

const cases: readonly (readonly [
  op: string,
  inputs: readonly Tensor[],
  attributes?: Record<string, AttributeInput>,
])[] = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'].flatMap(
    (op) => [[op, [a, b]] as const, [op, [column, b]] as const, [op, [a, int([], 3)]] as const],
  ),
  ...['Neg', 'Abs', 'Size', 'Shape'].map((op) => [op, [a]] as const),
  ['Shape', [column], { start: 1 }],
  ['Shape', [column], { start: -2, end: -1 }],
  ...['And', 'Or', 'Xor'].map((op) => [op, [bool(0, 0, 1, 1), bool(0, 1, 0, 1)]] as const),
  ['Not', [bool(0, 1)]],
  ['Where', [bool(0, 1, 1, 0), a, b]],
  ['Where', [bool(0, 1, 1, 0), column, int([], 9)]],
  ['Cast', [a], { to: 9 }],
  ['Cast', [a], { to: 6 }],
  ['Cast', [bool(0, 1)], { to: 7 }],
  ['Reshape', [a, int([2], 2, -1)]],
  ['Reshape', [column, int([3], 0, 1, -1)]],
  ['Squeeze', [column]],
  ['Squeeze', [column, int([1], -1)]],
  ['Unsqueeze', [a, int([2], 0, -1)]],
  ['Concat', [a, b, int([1], 5)], { axis: 0 }],
  ['Gather', [a, int([], -1)]],
  ['Gather', [a, int([2], 2, 0)]],
  ['Slice', [a, int([1], 1), int([1], 3)]],
  ['Slice', [a, int([1], -2), int([1], 9), int([1], 0)]],
  ['Slice', [a, int([1], 0), int([1], -1), int([1], 0), int([1], 1)]],
];

async function outputOf(model: Model, feeds: Readonly<Record<string, Tensor>>): Promise<unknown[]> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const tensors = Object.fromEntries(
    session.inputNames.map((name) => {
      const { type, data, dims } = feeds[name]!;
      return [name, new ort.Tensor(type as 'int64', data as BigInt64Array, dims)];
    }),
  );
  const { y } = await session.run(tensors);
  await session.release();
  return [y!.type, y!.dims, [...(y!.data as BigInt64Array)]];
}

const named = cases.map(([op, inputs, attributes = {}]) => ({ op, inputs, attributes }));

test.each(named)('$op of constants is what the runtime computes', async ({ op, inputs, attributes }) => {
  const graph = new GraphBuilder();
  const names = inputs.map(({ type, dims }, i) => graph.input(`x${i}`, type, dims));
  graph.output('y', graph.op(op, names, attributes, 'value'));
  const feeds = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]));
  const model = specialize(graph.model(), feeds);
  // Only the output's own node is left.
  expect(model.graph.nodes.map((node) => node.op)).toEqual(['Identity']);
  expect(model.graph.inputs).toEqual([]);
  expect(await outputOf(model, {})).toEqual(await outputOf(graph.model(), feeds));
});

test('the shape of an input that is declared is a constant, and one that is not is none', () => {
  const graph = new GraphBuilder();
  graph.output('known', graph.op('Shape', [graph.input('fixed', 'float32', [2, 3])]));
  graph.output('unknown', graph.op('Shape', [graph.input('free', 'float32', ['batch', 3])]));
  const { nodes, inputs } = specialize(graph.model(), {}).graph;
  expect(nodes.map(({ op }) => op).sort()).toEqual(['Identity', 'Identity', 'Shape']);
  expect(inputs.map(({ name }) => name)).toEqual(['free']);
});
