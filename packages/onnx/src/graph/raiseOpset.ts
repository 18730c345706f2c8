import { OnnxError } from '../onnxError.ts';
import { defaultOpset } from './graphBuilder.ts';
import type { Attribute, Graph, GraphNode, Model } from './model.ts';
import { float32, int64, type Tensor } from './tensor.ts';

/** The operator sets before this one broadcast by attributes. */
const oldest = 7;

/** Attributes that became inputs: until which version, from which input on. */
const moved: Readonly<Record<string, readonly [until: number, first: number, names: readonly string[]]>> = {
  Squeeze: [13, 1, ['axes']],
  Unsqueeze: [13, 1, ['axes']],
  ReduceSum: [13, 1, ['axes']],
  ...Object.fromEntries(
    ['Max', 'Min', 'Mean', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'].map((name) => [
      `Reduce${name}`,
      [18, 1, ['axes']] as const,
    ]),
  ),
  Split: [13, 1, ['split']],
  Dropout: [12, 1, ['ratio']],
  Clip: [11, 1, ['min', 'max']],
  Pad: [11, 1, ['pads', 'value']],
  Slice: [10, 1, ['starts', 'ends', 'axes']],
  TopK: [10, 1, ['k']],
  Upsample: [9, 1, ['scales']],
};

/**
 * The same model in operator set 18 or later, which the gradient rules speak: attributes that became inputs are moved there, `Softmax` over
 * flattened axes is written out, `Upsample` becomes `Resize`, `Constant` nodes become initializers. A later operator set is kept.
 *
 * @throws OnnxError `unsupported` for an operator set before 7, or a form that has no equivalent.
 */
export function raiseOpset(model: Model): Model {
  const version = model.opsets.get('') ?? 0;
  if (version < oldest)
    throw new OnnxError(
      'unsupported',
      'model',
      `operator set ${version} is older than ${oldest}, the first that is read`,
    );
  return {
    ...model,
    // Initializers that are not inputs exist since IR version 4; opset 18 came with 8.
    irVersion: Math.max(model.irVersion, 8),
    opsets: new Map([...model.opsets, ['', Math.max(version, defaultOpset)]]),
    graph: raiseGraph(model.graph, version),
  };
}

function raiseGraph(graph: Graph, version: number): Graph {
  const initializers = new Map(graph.initializers);
  const constants = new Set(graph.constants);
  const nodes: GraphNode[] = [];
  for (const node of graph.nodes) {
    if (node.domain !== '') nodes.push(node);
    else if (node.op === 'Constant') {
      initializers.set(node.outputs[0] as string, constantTensor(node));
      constants.add(node.outputs[0] as string);
    } else
      nodes.push(
        ...raiseNode(withRaisedBodies(node, version), version, (name, tensor) => initializers.set(name, tensor)),
      );
  }
  return {
    ...graph,
    nodes,
    initializers,
    constants,
    inputs: graph.inputs.filter(({ name }) => !graph.initializers.has(name)),
  };
}

const withRaisedBodies = (node: GraphNode, version: number): GraphNode => {
  const raised = [...node.attributes].map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === 'graph' ? { kind: 'graph', value: raiseGraph(attribute.value, version) } : attribute,
  ]);
  return { ...node, attributes: new Map(raised) };
};

function raiseNode(node: GraphNode, version: number, constant: (name: string, tensor: Tensor) => void): GraphNode[] {
  const attributes = new Map(node.attributes);
  const inputs = [...node.inputs];
  const output = node.outputs[0] as string;
  let { op, outputs } = node;
  const refuse = (what: string): never => {
    throw new OnnxError(
      'unsupported',
      op,
      `the operator (node "${node.name || output}") of operator set ${version} ${what}`,
    );
  };

  const [until, first, names] = Object.hasOwn(moved, op) ? (moved[op] as (typeof moved)[string]) : [0, 0, []];
  if (version < until) {
    names.forEach((name, i) => {
      const attribute = attributes.get(name);
      attributes.delete(name);
      while (inputs.length <= first + i) inputs.push('');
      if (attribute === undefined) return;
      const input = `${output}/${name}`;
      constant(
        input,
        attributeTensor(attribute, name === 'k') ?? refuse(`has an attribute "${name}" of kind ${attribute.kind}`),
      );
      inputs[first + i] = input;
    });
    while (inputs.at(-1) === '') inputs.pop();
  }
  if (op === 'Split' && version < 18 && inputs.length < 2)
    attributes.set('num_outputs', { kind: 'int', value: outputs.length });
  if (op === 'Scatter') op = 'ScatterElements';
  if (op === 'BatchNormalization' && version < 14) {
    // More than one output meant training mode; the last two of five were for a gradient, and no node reads them.
    if (outputs.slice(1).some((name) => name !== '')) attributes.set('training_mode', { kind: 'int', value: 1 });
    outputs = attributes.has('training_mode') ? outputs.slice(0, 3) : [output];
    attributes.delete('spatial');
  }
  if (op === 'Upsample' || (op === 'Resize' && version < 11)) {
    op = 'Resize';
    inputs.splice(1, 0, '');
    attributes.set('coordinate_transformation_mode', { kind: 'string', value: 'asymmetric' });
    attributes.set('nearest_mode', { kind: 'string', value: 'floor' });
  }
  if ((op === 'Softmax' || op === 'LogSoftmax') && version < 13) {
    const axis = attributes.get('axis') ?? { kind: 'int', value: 1 };
    attributes.set('axis', { kind: 'int', value: -1 });
    if (axis.value !== -1) {
      const [shape, flat, result] = ['shape', 'flat', 'result'].map((name) => `${output}/${name}`) as [
        string,
        string,
        string,
      ];
      const plain = (
        name: string,
        ins: string[],
        out: string,
        set: ReadonlyMap<string, Attribute> = new Map(),
      ): GraphNode => {
        return { op: name, domain: '', name: '', inputs: ins, outputs: [out], attributes: set };
      };
      return [
        plain('Shape', inputs, shape),
        plain('Flatten', inputs, flat, new Map([['axis', axis]])),
        plain(op, [flat], result, attributes),
        plain('Reshape', [result, shape], output),
      ];
    }
  }
  return [{ ...node, op, inputs, outputs, attributes }];
}

function attributeTensor({ kind, value }: Attribute, asList: boolean): Tensor | undefined {
  if (kind === 'tensor') return value;
  if (kind === 'float') return float32([], [value]);
  if (kind === 'floats') return float32([value.length], value);
  if (kind === 'int') return int64(asList ? [1] : [], [value]);
  if (kind === 'ints') return int64([value.length], value);
  if (kind === 'string') return { type: 'string', dims: [], data: [value] };
  if (kind === 'strings') return { type: 'string', dims: [value.length], data: value };
  return undefined;
}

function constantTensor(node: GraphNode): Tensor {
  const [attribute] = node.attributes.values();
  const tensor = attribute === undefined ? undefined : attributeTensor(attribute, false);
  if (tensor === undefined)
    throw new OnnxError('unsupported', 'Constant', `the node "${node.name || node.outputs[0]}" holds no tensor`);
  return tensor;
}
