import type { LossRequirement } from '../losses/requirement.ts';
import { OnnxError } from '../onnxError.ts';
import { checkModel } from './checkModel.ts';
import type { Attribute, Dim, Graph, GraphNode, Model, ValueInfo } from './model.ts';
import { float32, int64, type DataType, type Tensor } from './tensor.ts';

/** Attributes as they are written in TypeScript: integers are ints, {@link float} marks a float, a list of integers is ints. */
export type AttributeInput = number | string | readonly number[] | Tensor | Attribute;

/** A float attribute, rounded to float32 as files hold it; a bare number is an int. */
export const float = (value: number): Attribute => ({ kind: 'float', value: Math.fround(value) });

/** The operator-set version that the builder writes, and that the gradient rules speak. */
export const defaultOpset = 18;

/** Written into new files: the first IR version whose opset is 18 (2022), read by every runtime since. */
const irVersion = 8;

/**
 * Writes a graph, node by node; values are known by their names.
 *
 * @example
 * const g = new GraphBuilder();
 * const x = g.input('x', 'float32', ['batch', 4]);
 * g.output('y', g.op('Relu', [x]));
 * const bytes = writeModel(g.model());
 */
export class GraphBuilder {
  readonly inputs: ValueInfo[] = [];
  readonly outputs: ValueInfo[] = [];
  readonly nodes: GraphNode[] = [];
  readonly initializers: Map<string, Tensor> = new Map();
  /** What the losses in the graph ask of the batch. */
  readonly requirements: LossRequirement[] = [];
  readonly #base: Model;
  readonly #taken = new Set<string>();
  readonly #constants = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Starts empty, or with everything in `model`, which is checked and left as it is. */
  constructor(model?: Model) {
    this.#base = model ?? emptyModel;
    if (model === undefined) return;
    checkModel(model);
    const { graph } = model;
    this.nodes.push(...graph.nodes);
    this.outputs.push(...graph.outputs);
    for (const [name, tensor] of graph.initializers) this.initializers.set(name, tensor);
    this.inputs.push(...graph.inputs.filter(({ name }) => !graph.initializers.has(name)));
    this.reserve(graph);
  }

  /** The version of the standard operator set that the graph is written in. */
  get opset(): number {
    return this.#base.opsets.get('') ?? defaultOpset;
  }

  /** Keeps the names in a graph, and in its subgraphs, from being given again: a subgraph may not reuse names around it. */
  reserve({ nodes, inputs, initializers }: Graph): void {
    for (const { name } of inputs) this.#taken.add(name);
    for (const name of initializers.keys()) this.#taken.add(name);
    for (const { outputs, attributes } of nodes) {
      for (const name of outputs) this.#taken.add(name);
      for (const attribute of attributes.values()) if (attribute.kind === 'graph') this.reserve(attribute.value);
    }
  }

  /** Declares an input of the graph. Dimensions are sizes, or names of sizes not known yet. */
  input(name: string, type: DataType, dims: readonly Dim[]): string {
    this.inputs.push({ name: this.#claim(name), type, dims });
    return name;
  }

  /** Adds a constant under a name of its own: a weight. */
  parameter(name: string, tensor: Tensor): string {
    this.initializers.set(this.#claim(name), tensor);
    return name;
  }

  /** A float32 scalar; equal ones are one. */
  scalar(value: number): string {
    return this.#constant(`scalar ${Object.is(value, -0) ? '-0' : value}`, () => float32([], [value]));
  }

  /** A one-dimensional int64 constant, as shapes and axes are given; equal ones are one. */
  list(values: readonly number[]): string {
    return this.#constant(`list ${values.join()}`, () => int64([values.length], values));
  }

  /** Applies an operator and returns the name of its first output. An empty string among the inputs is one left out. */
  op(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeInput>> = {},
    name?: string,
  ): string {
    return this.ops(op, inputs, 1, attributes, name)[0] as string;
  }

  /** Applies an operator with several outputs. */
  ops(
    op: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: Readonly<Record<string, AttributeInput>> = {},
    name: string = this.unique(op),
  ): string[] {
    const outputs = Array.from({ length: outputCount }, (_, i) => this.#claim(i === 0 ? name : `${name}:${i}`));
    this.nodes.push({
      op,
      domain: '',
      name,
      inputs,
      outputs,
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, toAttribute(key, value)])),
    });
    return outputs;
  }

  /** The name of an output of a node that stands in the graph; one it lacks is added to it. */
  needOutput(node: GraphNode, index: number): string {
    // The node is found by its first output: it may have been replaced by one with more outputs before.
    const at = this.nodes.findIndex(({ outputs }) => outputs[0] === node.outputs[0]);
    const found = this.nodes[at] as GraphNode;
    const name = found.outputs[index] || this.#claim(this.unique(`${found.outputs[0]}:${index}`));
    const outputs = Array.from({ length: Math.max(found.outputs.length, index + 1) }, (_, i) =>
      i === index ? name : (found.outputs[i] ?? ''),
    );
    this.nodes[at] = { ...found, outputs };
    return name;
  }

  /** Declares an output; with `value`, under a name other than the value's. */
  output(name: string, value: string = name, info: Omit<ValueInfo, 'name'> = {}): string {
    if (name !== value) this.op('Identity', [value], {}, name);
    else if (!this.#taken.has(value)) throw new OnnxError('argument', 'output', `no value has the name "${value}"`);
    this.outputs.push({ name, ...info });
    return name;
  }

  /** Whether a value has this name. */
  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** A name not yet taken that begins with `stem`. */
  unique(stem: string): string {
    for (let i = this.#counts.get(stem) ?? 0; ; i++) {
      const name = i === 0 ? stem : `${stem}_${i}`;
      if (!this.#taken.has(name)) {
        this.#counts.set(stem, i + 1);
        return name;
      }
    }
  }

  /** The graph as it stands; later additions do not change it. */
  model(): Model {
    return {
      ...this.#base,
      graph: {
        ...this.#base.graph,
        nodes: [...this.nodes],
        initializers: new Map(this.initializers),
        inputs: [...this.inputs],
        outputs: [...this.outputs],
      },
    };
  }

  #constant(key: string, make: () => Tensor): string {
    let name = this.#constants.get(key);
    if (name === undefined) {
      name = this.parameter(this.unique('constant'), make());
      this.#constants.set(key, name);
    }
    return name;
  }

  #claim(name: string): string {
    if (name === '' || this.#taken.has(name)) {
      throw new OnnxError('argument', 'graph', name === '' ? 'a value needs a name' : `the name "${name}" is taken`);
    }
    this.#taken.add(name);
    return name;
  }
}

const emptyModel: Model = {
  irVersion,
  producer: 'anneal',
  opsets: new Map([['', defaultOpset]]),
  graph: { name: 'graph', nodes: [], initializers: new Map(), inputs: [], outputs: [] },
};

function toAttribute(name: string, value: AttributeInput): Attribute {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'object' && 'kind' in value) return value;
  if (typeof value === 'object' && 'dims' in value) return { kind: 'tensor', value };
  const list = typeof value === 'number' ? [value] : value;
  if (!list.every(Number.isSafeInteger)) {
    throw new OnnxError(
      'argument',
      name,
      `attribute ints must be safe integers; received ${list.join(', ')} (a float is written float(value))`,
    );
  }
  return typeof value === 'number' ? { kind: 'int', value } : { kind: 'ints', value };
}
