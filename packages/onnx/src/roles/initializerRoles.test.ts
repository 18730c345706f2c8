import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  exporterWarnings,
  float32,
  GraphBuilder,
  initializerRoles,
  parameterNames,
  raiseOpset,
  readModel,
  replaceHead,
  type Model,
} from '../index.ts';

interface Case {
  readonly name: string;
  readonly exporter: 'dynamo' | 'legacy';
  /** The parameters that PyTorch trains, in order of their names, which the file keeps. */
  readonly trained: readonly string[];
  /** The file, in base 64. */
  readonly model: string;
}

/** Recorded by tools/reference/onnx_roles.py. */
const { cases } = JSON.parse(readFileSync(new URL('fixtures/roles.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const modelOf = ({ model }: Case): Model => readModel(Buffer.from(model, 'base64'));

/** The model without the metadata in which PyTorch's default exporter tells parameters and buffers apart. */
function unsigned(model: Model): Model {
  const { name, nodes, initializers, inputs, outputs } = model.graph;
  return { ...model, graph: { name, nodes, initializers, inputs, outputs } };
}

test('a file whose weights all stand in Constant nodes is read as one whose weights are initializers', () => {
  const exported = cases.find(({ name, exporter }) => name === 'a layer scale' && exporter === 'legacy')!;
  const model = modelOf(exported);
  const nodes = [...model.graph.initializers].map(([name, value]) => ({
    op: 'Constant',
    domain: '',
    name,
    inputs: [],
    outputs: [name],
    attributes: new Map([['value', { kind: 'tensor', value } as const]]),
  }));
  const written = {
    ...model,
    graph: { ...model.graph, initializers: new Map(), nodes: [...nodes, ...model.graph.nodes] },
  };
  expect([...parameterNames(raiseOpset(written).graph)].sort()).toEqual(exported.trained);
});

test('a new head leaves what the file says of the rest', () => {
  const model = modelOf(cases.find(({ name, exporter }) => name === 'mean and deviation' && exporter === 'dynamo')!);
  const tuned = replaceHead(model, {
    at: 'div',
    with: (g, value) =>
      g.output('y', g.op('Conv', [value, g.parameter('head', float32([2, 3, 1, 1], [1, 2, 3, 4, 5, 6]))])),
  });
  const { graph } = tuned;
  expect(initializerRoles(graph).map(({ name, trained, reason }) => [name, trained, reason.split(' (')[0]])).toEqual([
    ['mean', false, 'the file says that it is a buffer'],
    ['std', false, 'the file says that it is a buffer'],
    ['head', true, 'it is the weight of Conv'],
  ]);
  expect(exporterWarnings(graph)).toEqual([]);
});

test('quantisation scales, and a tensor as long as the batch, are no parameters', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', [3, 2, 4]);
  const product = graph.op('MatMul', [x, graph.parameter('w', float32([4, 4], Array.from({ length: 16 }, Math.sin)))]);
  const zero = graph.parameter('zero', { type: 'uint8', dims: [4], data: new Uint8Array(4) });
  const scale = graph.parameter('scale', float32([4], [1, 2, 3, 4]));
  const quantised = graph.op('QuantizeLinear', [product, scale, zero]);
  const token = graph.parameter('token', float32([3, 1, 4], Array.from({ length: 12 }, Math.cos)));
  graph.output('y', graph.op('Concat', [token, graph.op('DequantizeLinear', [quantised, scale, zero])], { axis: 1 }));
  const roles = initializerRoles(graph.model().graph);
  expect(roles.map(({ name, trained, reason }) => [name, trained, reason])).toEqual([
    ['w', true, 'it is the weight of MatMul ("MatMul")'],
    ['scale', false, 'it is the quantisation scale of QuantizeLinear ("QuantizeLinear")'],
    ['token', false, 'its first dimension, 3, is the batch\'s: Concat ("Concat") reads it'],
  ]);
});

describe.each(cases)('$name, $exporter', (exported) => {
  const model = modelOf(exported);
  const trainedIn = (one: Model): string[] => [...parameterNames(raiseOpset(one).graph)].sort();

  test('what is trained by default is what PyTorch trains', () => {
    expect(trainedIn(model)).toEqual(exported.trained);
    expect(exporterWarnings(raiseOpset(model).graph)).toEqual([]);
  });

  // A number that a function multiplies by lies in the file as a learnt scale does.
  test.skipIf(exported.exporter === 'dynamo' && exported.name === 'a constant in the forward function')(
    'and so it is by the operators alone',
    () => expect(trainedIn(unsigned(model))).toEqual(exported.trained),
  );

  test('everything else is told with a reason', () => {
    const roles = initializerRoles(raiseOpset(model).graph);
    expect(
      roles
        .filter(({ trained }) => trained)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(exported.trained);
    for (const { name, reason } of roles) expect(reason, name).toMatch(/^(it|its|the|no|Mul|Add|ScatterElements) /);
  });
});
