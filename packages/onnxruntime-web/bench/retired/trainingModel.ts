import {
  GraphBuilder,
  gradients,
  parameterNames,
  softmaxCrossEntropy,
  standardRules,
  writeModel,
  type GradientRule,
  type Model,
  type Shapes,
  type Tensor,
} from '@anneal/onnx';
import { inferShapes, type Ort } from '../../src/index.ts';
import { encode, tensorType, valueInfo, type Field } from './protobuf.ts';

/** Its operators that stand in Microsoft's domain; ConvGrad and MaxPoolGrad stand in the standard one. */
const own = new Set(['ConvGrad', 'InPlaceAccumulatorV2', 'ReluGrad', 'SoftmaxCrossEntropyLossGrad']);

/** Where its gradient builder writes one of its fused operators, so does this graph; elsewhere both write plain ones. */
const fusedRules: readonly GradientRule[] = [
  { op: 'Relu', gradient: (c, dy) => [c.op('ReluGrad', [dy, c.output()])] },
  {
    op: 'SoftmaxCrossEntropyLoss',
    attributes: ['reduction'],
    inputs: [0],
    gradient: (c, dy) => [
      c.op('SoftmaxCrossEntropyLossGrad', [dy, c.needOutput(1), c.input(1)], { reduction: 'mean' }),
    ],
  },
  {
    op: 'Conv',
    attributes: ['kernel_shape', 'pads'],
    gradient: (c, dy) => {
      const [x, w] = [c.input(0), c.input(1)];
      const results = c.ops('ConvGrad', [dy, x, w], 3, c.attributes);
      return [c.needs(0) && results[0], results[1], results[2]];
    },
  },
  {
    op: 'MaxPool',
    attributes: ['kernel_shape', 'strides'],
    gradient: (c, dy) => [c.op('MaxPoolGrad', [dy, c.needOutput(1)], c.attributes)],
  },
];

/** The training model that onnxruntime 1.19's `TrainingSession` asks for, and the parameters of its checkpoint. */
export async function trainingModel(
  ort: Ort,
  model: Model,
  feeds: Shapes,
): Promise<{ bytes: Uint8Array; parameters: ReadonlyMap<string, Tensor> }> {
  const graph = new GraphBuilder({
    ...model,
    opsets: new Map([...model.opsets, ['com.microsoft', 1]]),
    graph: {
      ...model.graph,
      inputs: model.graph.inputs.map((input) => ({ ...input, ...feeds.get(input.name)! })),
      outputs: [],
    },
  });
  const loss = softmaxCrossEntropy()(graph, feeds);
  const names = parameterNames(graph.model().graph);
  const shapes = await inferShapes(ort, graph.model());
  const found = gradients(graph, shapes, loss, names, [...standardRules, ...fusedRules]);
  const parameters = new Map<string, Tensor>();
  graph.output('loss', loss);
  graph.input('lazy_reset_grad', 'bool', [1]);
  for (const [name, gradient] of found) {
    const tensor = graph.initializers.get(name)!;
    parameters.set(name, tensor);
    graph.initializers.delete(name);
    graph.inputs.push({ name, type: 'float32', dims: tensor.dims });
    const buffer = graph.input(`${name}_grad.accumulation.buffer`, 'float32', tensor.dims);
    const flag = graph.op(
      'InPlaceAccumulatorV2',
      [buffer, gradient, 'lazy_reset_grad'],
      {},
      `${name}_grad.accumulation.out`,
    );
    graph.output(flag, flag, { type: 'bool', dims: [1] });
  }
  const made = graph.model();
  const nodes = made.graph.nodes.map((node) => (own.has(node.op) ? { ...node, domain: 'com.microsoft' } : node));
  // MaxPoolGrad wants to know its result's shape. A second graph in a file is merged with the first one.
  const infos = nodes.flatMap((node): Field[] => {
    if (node.op !== 'MaxPoolGrad') return [];
    const pool = nodes.find(({ outputs }) => outputs[1] === node.inputs[1])!;
    return [[13, valueInfo(node.outputs[0]!, tensorType(1, shapes.get(pool.inputs[0]!)!.dims))]];
  });
  const bytes = writeModel({ ...made, graph: { ...made.graph, nodes } });
  return { bytes: Uint8Array.from([...bytes, ...encode([[7, infos]])]), parameters };
}
