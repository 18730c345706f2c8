import { OnnxError } from '../onnxError.ts';
import type { NodeWriter } from './arithmetic.ts';
import type { AttributeInput, GraphBuilder } from './graphBuilder.ts';
import type { Attribute, GraphNode } from './model.ts';
import { shapeOf, type Shapes } from './shapes.ts';
import { float32, type DataType, type Tensor } from './tensor.ts';

/** What a gradient rule, or a lowering, sees of a node and what it writes with. */
export interface NodeContext extends NodeWriter {
  readonly node: GraphNode;
  /** Names of the inputs; a missing trailing one is ''. */
  input(index: number): string;
  /** The name of an output, '' where it is left out. */
  output(index?: number): string;
  /** Whether the gradient of this input is asked for. */
  needs(index: number): boolean;
  /** The static shape of a value of the forward graph. */
  dims(value: string): readonly number[];
  type(value: string): DataType;
  /** The node that computes a value. */
  producer(value: string): GraphNode | undefined;
  /** The tensor behind a name, when it is constant, be it in another shape. */
  constant(value: string): Tensor | undefined;

  /** Attributes, with the value the standard gives when absent. Only those listed can be read. */
  int(name: string, fallback: number): number;
  float(name: string, fallback: number): number;
  text(name: string, fallback: string): string;
  ints(name: string): readonly number[] | undefined;
  texts(name: string): readonly string[] | undefined;
  /** Ends with the sentence that this node's `what` has no gradient rule. */
  refuse(what: string): never;

  ops(
    op: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Readonly<Record<string, AttributeInput>>,
  ): string[];
  /** All attributes of the node, to repeat it. */
  readonly attributes: Readonly<Record<string, AttributeInput>>;
  /** Any constant. */
  tensor(value: Tensor): string;
}

/** What reads a node: it names the operator and the attributes that it takes into account. */
export interface NodeReader {
  readonly op: string;
  /** The operator's domain; empty for the standard one. */
  readonly domain?: string;
  /** The attributes taken into account. A node with any other is refused. */
  readonly attributes?: readonly string[];
}

/** Readers by operator; a later one replaces an earlier one. */
export const tableOf = <Reader extends NodeReader>(
  readers: readonly Reader[],
): ((node: GraphNode) => Reader | undefined) => {
  const key = (domain: string, op: string): string => `${domain} ${op}`;
  const table = new Map(readers.map((reader) => [key(reader.domain ?? '', reader.op), reader]));
  return ({ domain, op }) => table.get(key(domain, op));
};

export const describeNode = ({ name, outputs }: GraphNode): string => `node "${name || outputs[0]}"`;

/** An attribute of the node that its reader does not list. */
export const unreadAttribute = (node: GraphNode, { attributes }: NodeReader): string | undefined =>
  [...node.attributes.keys()].find((name) => attributes?.includes(name) !== true);

export function nodeContext(
  graph: GraphBuilder,
  shapes: Shapes,
  node: GraphNode,
  reader: NodeReader,
  needs: (index: number) => boolean,
): NodeContext {
  const fail = (what: string): never => {
    throw new OnnxError('noGradient', node.op, `the operator (${describeNode(node)}) has no gradient rule for ${what}`);
  };
  const read = (name: string, kind: Attribute['kind']): Attribute['value'] | undefined => {
    if (!reader.attributes?.includes(name))
      throw new OnnxError('argument', node.op, `the rule reads the attribute "${name}" and does not list it`);
    const attribute = node.attributes.get(name);
    if (attribute !== undefined && attribute.kind !== kind) fail(`an attribute "${name}" of kind ${attribute.kind}`);
    return attribute?.value;
  };
  return {
    node,
    needs,
    input: (index) => node.inputs[index] ?? '',
    output: (index = 0) => node.outputs[index] ?? '',
    attributes: Object.fromEntries(node.attributes),
    dims: (value) => shapeOf(shapes, value).dims,
    type: (value) => shapeOf(shapes, value).type,
    producer: (value) => graph.nodes.find(({ outputs }) => outputs.includes(value)),
    constant: (value) => constantBehind(graph, shapes, value),
    int: (name, fallback) => Number(read(name, 'int') ?? fallback),
    float: (name, fallback) => (read(name, 'float') ?? fallback) as number,
    text: (name, fallback) => (read(name, 'string') ?? fallback) as string,
    ints: (name) => (read(name, 'ints') as readonly (number | bigint)[] | undefined)?.map(Number),
    texts: (name) => read(name, 'strings') as readonly string[] | undefined,
    refuse: fail,
    op: (op, inputs, attributes) => graph.op(op, inputs, attributes),
    ops: (op, inputs, count, attributes) => graph.ops(op, inputs, count, attributes),
    scalar: (value) => graph.scalar(value),
    list: (values) => graph.list(values),
    tensor: (value) => graph.parameter(graph.unique('constant'), value),
  };
}

const reshaping = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Cast', 'CastLike']);

const numeric = new Set<DataType>(['float32', 'float64', 'int32', 'int64', 'bool']);

/** An initializer, also one that takes its shape, or its type, on the way: so PyTorch writes lists of axes and bounds. */
function constantBehind(graph: GraphBuilder, shapes: Shapes, value: string): Tensor | undefined {
  const node = graph.nodes.find(({ op, domain, outputs }) => {
    return outputs[0] === value && domain === '' && reshaping.has(op);
  });
  const [shape, behind] = [shapes.get(value), node?.inputs[0]];
  if (behind === undefined || shape === undefined) return graph.initializers.get(value);
  const tensor = constantBehind(graph, shapes, behind);
  if (tensor === undefined || tensor.type === shape.type) return tensor && { ...tensor, dims: shape.dims };
  const isNumber = numeric.has(tensor.type) && shape.type === 'float32';
  return isNumber ? float32(shape.dims, Float32Array.from(tensor.data as Float32Array, Number)) : undefined;
}

/** Runs a reader. It meets nodes as files hold them: one that it cannot read, for want of an input or an attribute's sense, is refused by name. */
export function reading<Result>(node: GraphNode, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    const message = `the gradient rule cannot read the ${describeNode(node)}: ${String(cause)}`;
    throw new OnnxError('noGradient', node.op, message, { cause });
  }
}
