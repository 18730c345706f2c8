import { describe, expect, test } from 'vitest';
import {
  checkModel,
  float,
  float32,
  GraphBuilder,
  inspectModel,
  OnnxError,
  readModel,
  standardRules,
  writeModel,
  type Model,
} from '../index.ts';

function small(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 2]);
  const w = graph.parameter('w', float32([2, 3], [1, 2, 3, 4, 5, 6]));
  graph.output('y', graph.op('Relu', [graph.op('MatMul', [x, w])]));
  return graph;
}

describe('a graph builder', () => {
  test('gives every value a name of its own, and equal constants one', () => {
    const graph = small();
    expect([graph.op('Neg', ['x']), graph.op('Neg', ['x']), graph.op('Neg', ['x'])]).toEqual(['Neg', 'Neg_1', 'Neg_2']);
    expect(graph.scalar(2)).toBe(graph.scalar(2));
    expect(graph.scalar(0)).not.toBe(graph.scalar(-0));
    expect(graph.list([1, 2])).toBe(graph.list([1, 2]));
    expect(() => graph.input('w', 'float32', [])).toThrow('the name "w" is taken');
    expect(() => graph.output('nothing')).toThrow('no value has the name "nothing"');
  });

  test('goes on from a model without changing it, and knows the names inside its subgraphs', () => {
    const inner = new GraphBuilder();
    inner.output('inside', inner.op('Neg', [inner.scalar(1)]));
    const graph = small();
    graph.op('If', ['x'], { then_branch: { kind: 'graph', value: inner.model().graph } });
    const model = graph.model();
    const before = writeModel(model);
    const next = new GraphBuilder(model);
    expect(next.unique('Neg')).toBe('Neg_1');
    expect(next.op('Exp', ['y'])).toBe('Exp');
    expect(writeModel(model)).toEqual(before);
  });

  test('tells ints from floats', () => {
    const graph = small();
    graph.op('Custom', ['x'], { a: 1, b: float(1), c: [1, 2], d: 'text' });
    const { attributes } = graph.nodes.at(-1)!;
    expect([...attributes.values()].map(({ kind }) => kind)).toEqual(['int', 'float', 'ints', 'string']);
    expect(() => graph.op('Custom', ['x'], { a: 0.5 })).toThrow(
      'a: attribute ints must be safe integers; received 0.5',
    );
  });
});

describe('a model is refused when', () => {
  const change = (edit: (graph: Model['graph']) => Partial<Model['graph']>): Model => {
    const model = small().model();
    return { ...model, graph: { ...model.graph, ...edit(model.graph) } };
  };
  test.each([
    [
      'a node reads what nothing defines',
      change(({ nodes }) => ({ nodes: [{ ...nodes[0]!, inputs: ['x', 'v'] }] })),
      'node[0] (MatMul) reads "v"',
    ],
    ['nodes form a cycle', change(({ nodes }) => ({ nodes: nodes.toReversed() })), 'which nothing before it defines'],
    ['a name is defined twice', change(({ nodes }) => ({ nodes: [...nodes, nodes[0]!] })), '"MatMul" is defined twice'],
    ['an output is missing', change(() => ({ outputs: [{ name: 'z' }] })), 'the output "z" is defined by no node'],
    [
      'a tensor does not fit its shape',
      change(() => ({ initializers: new Map([['w', { type: 'float32', dims: [2, 4], data: new Float32Array(6) }]]) })),
      'the initializer "w" of type float32 does not fit its shape [2, 4]',
    ],
    ['it has no operator set', { ...small().model(), opsets: new Map() }, 'no version of the standard operator set'],
  ] as const)('%s', (_, model, message) => {
    expect(() => checkModel(model)).toThrow(message);
    expect(() => checkModel(model)).toThrow(OnnxError);
  });
});

test('a report says what a model holds and what stands in the way', () => {
  const graph = small();
  graph.nodes.push({
    op: 'Attention',
    domain: 'com.microsoft',
    name: '',
    inputs: ['y'],
    outputs: ['z'],
    attributes: new Map(),
  });
  graph.reserve(graph.model().graph);
  graph.output('z');
  graph.output(graph.op('QuantizeLinear', ['y', graph.scalar(1)]));
  graph.output(graph.op('LayerNormalization', ['y', 'y']));
  // What nothing trained reaches, and what no output reads, is no obstacle.
  graph.output(graph.op('MatMulInteger', [graph.op('Shape', ['y']), graph.op('Shape', ['x'])]));
  graph.op('Einstein', ['y']);
  const report = inspectModel(readModel(writeModel(graph.model())), standardRules);
  expect(report).toMatchObject({
    opset: 18,
    inputs: [{ name: 'x', type: 'float32', dims: ['batch', 2] }],
    outputs: ['y', 'z', 'QuantizeLinear', 'LayerNormalization', 'MatMulInteger'],
    parameters: [{ name: 'w', dims: [2, 3], size: 6 }],
    withoutRule: ['QuantizeLinear', 'com.microsoft.Attention'],
    normalizations: ['LayerNormalization'],
    quantized: ['MatMulInteger', 'QuantizeLinear'],
    fused: ['com.microsoft.Attention'],
  });
  expect(report.operators.get('MatMul')).toBe(1);
});
