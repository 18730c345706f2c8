import { array, assert, constantFrom, integer, nat, oneof, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import {
  adam,
  checkModel,
  float,
  float32,
  GraphBuilder,
  gradients,
  int64,
  layerGroups,
  lowerNodes,
  OnnxError,
  raiseOpset,
  readModel,
  replaceHead,
  trainingStep,
  writeModel,
  type Attribute,
  type GraphNode,
  type Model,
  type Shapes,
  type Tensor,
} from './index.ts';

/** A small network with convolution, pooling, normalisation, gathering, reductions and a loss; every value is of shape [2, 2, 4, 4] or [] here. */
function seed(): Model {
  const graph = new GraphBuilder();
  const image = float32([2, 2, 3, 3], new Float32Array(36).fill(0.1));
  let x = graph.op('Conv', [graph.input('x', 'float32', [2, 2, 4, 4]), graph.parameter('w', image)], {
    pads: [1, 1, 1, 1],
  });
  x = graph.op('BatchNormalization', [
    x,
    ...['s', 'b', 'm', 'v'].map((name) => graph.parameter(name, float32([2], [1, 2]))),
  ]);
  x = graph.op('LeakyRelu', [x], { alpha: float(0.1) });
  x = graph.op('MaxPool', [x], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  x = graph.op('Slice', [x, graph.list([0]), graph.list([2]), graph.list([1])]);
  x = graph.op('Gather', [x, graph.parameter('index', int64([2], [1, 0]))], { axis: 1 });
  x = graph.op('Reshape', [x, graph.list([2, 2, 4, 4])]);
  x = graph.op('Add', [x, graph.op('Transpose', [x], { perm: [0, 1, 3, 2] })]);
  x = graph.op('Softmax', [graph.op('MatMul', [x, x])], { axis: 1 });
  graph.op('ReduceSum', [x], { keepdims: 0 }, 'loss');
  graph.output('loss');
  return graph.model();
}

const base = seed();
const shapes: Shapes = new Map([
  ...base.graph.nodes.flatMap(({ outputs }) =>
    outputs.map((name) => [name, { type: 'float32', dims: [2, 2, 4, 4] }] as const),
  ),
  ...[...base.graph.initializers].map(([name, { type, dims }]) => [name, { type, dims }] as const),
  ['x', { type: 'float32', dims: [2, 2, 4, 4] }] as const,
  ['loss', { type: 'float32', dims: [] }] as const,
]);

const ops = [
  'Conv',
  'ConvTranspose',
  'MaxPool',
  'AveragePool',
  'Gather',
  'Concat',
  'Split',
  'Pad',
  'Resize',
  'Einsum',
  'LayerNormalization',
  'Gemm',
  'Where',
  'Tile',
  'TopK',
  'Clip',
  'If',
  'ReduceMax',
  'Squeeze',
  'Constant',
  'ScatterND',
  'LSTM',
  'GRU',
  'GroupNormalization',
  'LRN',
  'Attention',
  'SplitToSequence',
  'SequenceAt',
  'Unknown',
];
const wild = oneof(nat({ max: 9 }), integer(), constantFrom(-1, 2 ** 31, Number.MAX_SAFE_INTEGER));
const attribute = oneof(
  wild.map((value): Attribute => ({ kind: 'int', value })),
  array(wild, { maxLength: 5 }).map((value): Attribute => ({ kind: 'ints', value })),
  constantFrom<Attribute>(
    { kind: 'string', value: 'a,b->c' },
    { kind: 'string', value: '' },
    { kind: 'float', value: Number.NaN },
    { kind: 'floats', value: [] },
  ),
);
const names = ['x', 'w', 'index', 'loss', '', 'nothing', ...base.graph.nodes.flatMap(({ outputs }) => outputs)];
const attributeNames = [
  'axis',
  'pads',
  'strides',
  'dilations',
  'group',
  'kernel_shape',
  'perm',
  'keepdims',
  'auto_pad',
  'equation',
  'axes',
  'mode',
  'ratio',
  'value',
  'hidden_size',
  'num_groups',
  'size',
  'is_causal',
  'q_num_heads',
];
const at = nat({ max: 30 });

/** One change of a model that keeps it a model, or nearly. */
const mutation = oneof(
  record({ at, op: constantFrom(...ops) }),
  record({ at, input: nat({ max: 4 }), to: constantFrom(...names) }),
  record({ at, attribute: constantFrom(...attributeNames), value: attribute }),
  record({ at, cut: nat({ max: 3 }) }),
  record({ opset: integer({ min: 0, max: 25 }) }),
  record({ initializer: at, dims: array(wild, { maxLength: 4 }) }),
  record({ byte: nat(), to: nat({ max: 255 }) }),
);
type Mutation = typeof mutation extends { generate: (...args: never[]) => { value: infer Value } } ? Value : never;

function mutate(model: Model, change: Mutation): Model {
  const { graph } = model;
  const onNode = (position: number, edit: (node: GraphNode) => Partial<GraphNode>): Model => {
    const nodes = graph.nodes.map((node, i) =>
      i === position % graph.nodes.length ? { ...node, ...edit(node) } : node,
    );
    return { ...model, graph: { ...graph, nodes } };
  };
  if ('op' in change) return onNode(change.at, () => ({ op: change.op }));
  if ('input' in change)
    return onNode(change.at, ({ inputs }) => ({
      inputs: [...inputs.slice(0, change.input), change.to, ...inputs.slice(change.input + 1)],
    }));
  if ('attribute' in change)
    return onNode(change.at, ({ attributes }) => ({
      attributes: new Map([...attributes, [change.attribute, change.value]]),
    }));
  if ('cut' in change) return onNode(change.at, ({ inputs }) => ({ inputs: inputs.slice(0, change.cut) }));
  if ('opset' in change) return { ...model, opsets: new Map([['', change.opset]]) };
  if ('initializer' in change) {
    const entries = [...graph.initializers].map(([name, tensor], i): [string, Tensor] => [
      name,
      i === change.initializer % graph.initializers.size ? { ...tensor, dims: change.dims } : tensor,
    ]);
    return { ...model, graph: { ...graph, initializers: new Map(entries) } };
  }
  return model;
}

/** Cuts a model somewhere and groups what is left. */
function tune(model: Model, node: number): void {
  try {
    const at = model.graph.nodes[node]?.outputs[0] ?? 'x';
    const cut = replaceHead(model, { at, with: (graph, value) => graph.output(graph.unique('new'), value) });
    checkModel(cut);
    layerGroups(cut.graph, /^(\w)/);
  } catch (error) {
    if (!(error instanceof OnnxError)) throw error;
  }
}

test(
  'a model that was tampered with gives a typed error or a training graph, whatever was changed',
  { timeout: 600_000 },
  () => {
    // Validation: the bytes were a model that is now checked. Differentiation: it was valid, and gradients are about to be taken.
    const reached = { all: 0, validation: 0, differentiation: 0 };
    const law = property(array(mutation, { minLength: 1, maxLength: 3 }), (changes) => {
      reached.all++;
      try {
        const bytes = writeModel(changes.reduce(mutate, base));
        for (const change of changes) if ('byte' in change) bytes[change.byte % bytes.length] = change.to;
        const model = readModel(bytes);
        reached.validation++;
        checkModel(model);
        const graph = new GraphBuilder(raiseOpset(model));
        tune(model, changes.length);
        const trained = ['w', 's'].filter((name) => graph.initializers.has(name));
        reached.differentiation++;
        lowerNodes(graph, shapes);
        const found = gradients(graph, shapes, 'loss', trained);
        graph.outputs.length = 0;
        const step = trainingStep({
          graph,
          loss: 'loss',
          gradients: found,
          optimizer: adam(),
          scheduled: () => ['learningRate'],
        });
        writeModel(step.graph.model());
      } catch (error) {
        if (!(error instanceof OnnxError)) throw error;
      }
    });
    expect(() => assert(law, { numRuns: Number(globalThis.process?.env['HOSTILE_RUNS'] ?? 1000) })).not.toThrow();
    expect(reached.validation).toBeGreaterThan(reached.all / 2);
    expect(reached.differentiation).toBeGreaterThan(reached.all / 10);
  },
);
