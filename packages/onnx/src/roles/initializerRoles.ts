import type { Graph, GraphNode } from '../graph/model.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import { exportSignature, type SignatureKind } from './exportSignature.ts';
import { joins, lookups, moves, preparations, products, roleOf, type Role } from './role.ts';
import { isMask, isTable, isUniform } from './tables.ts';

/** What an initializer is, as far as the file tells. */
export interface InitializerRole {
  readonly name: string;
  readonly dims: readonly number[];
  /** Its number of elements. */
  readonly size: number;
  /** Whether it is trained unless a choice is made. */
  readonly trained: boolean;
  /** Why, as the end of a sentence: "it is the weight of a Conv", "it is a table of a fixed function". */
  readonly reason: string;
}

type GraphPart = Pick<Graph, 'nodes' | 'initializers'> & Partial<Pick<Graph, 'inputs' | 'extra' | 'constants'>>;

/** How an initializer is used in one place. */
interface Use {
  readonly role: Role | undefined;
  readonly reason: string;
}

/**
 * Tells the float32 initializers that are parameters from those that are constants, in the order of the file.
 *
 * What the file itself says counts first: PyTorch's default exporter tells parameters, buffers and constants apart. Else an initializer is
 * a parameter where it stands, also transposed, cut or joined with others, as weight, bias, scale, embedding or recurrent matrix of an
 * operator. Plain arithmetic takes constants too: there masks, tables of sines, what prepares the input, single numbers and tensors as long
 * as the batch are told apart by their values and places.
 */
export function initializerRoles(graph: GraphPart): readonly InitializerRole[] {
  const signature = exportSignature(graph);
  const uses = new Usage(graph).uses();
  const found: InitializerRole[] = [];
  for (const [name, tensor] of graph.initializers) {
    if (tensor.type !== 'float32') continue;
    const { dims } = tensor;
    const { role, reason } = useOf(signature.get(name), uses.get(name) ?? []);
    const trained = role !== undefined;
    const size = sizeOf(dims);
    // Single numbers are constants of the arithmetic: nobody asks why they are not trained.
    if (trained || size > 1) found.push({ name, dims, size, trained, reason });
  }
  return found;
}

const told: Readonly<Record<SignatureKind, Use>> = {
  PARAMETER: { role: 'weight', reason: 'the file says that it is a parameter' },
  BUFFER: { role: undefined, reason: 'the file says that it is a buffer' },
  CONSTANT_TENSOR: { role: undefined, reason: 'the file says that it is a constant' },
};

function useOf(kind: SignatureKind | undefined, uses: readonly Use[]): Use {
  if (kind !== undefined) return told[kind];
  const [first] = uses;
  return (
    uses.find(({ role }) => role !== undefined) ??
    first ?? { role: undefined, reason: 'no weight, bias, scale or embedding is made of it' }
  );
}

/** One walk over a graph, in which every use of an initializer is judged. */
class Usage {
  readonly #graph: GraphPart;
  readonly #nodes: readonly GraphNode[];
  readonly #producers: ReadonlyMap<string, GraphNode>;
  /** Values that are made of initializers alone. */
  readonly #fixed: ReadonlySet<string>;
  /** Values that no layer has touched: inputs of the model, scaled and moved. */
  readonly #prepared: ReadonlySet<string>;
  readonly #beforeSoftmax: ReadonlySet<string>;
  readonly #batch: ReadonlySet<number>;
  /** Whether `Constant` nodes hold parameters wherever initializers would: in a file whose weights all stand in such nodes. */
  readonly #constantsCount: boolean;
  readonly #uses = new Map<string, Use[]>();

  constructor(graph: GraphPart) {
    this.#graph = graph;
    this.#nodes = withSubgraphs(graph.nodes);
    this.#producers = new Map(this.#nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
    const fixed = new Set(graph.initializers.keys());
    const prepared = new Set((graph.inputs ?? []).map(({ name }) => name).filter((name) => !fixed.has(name)));
    for (const { op, domain, inputs, outputs } of this.#nodes) {
      // What is moved may go to places that data decides; what is looked up with data is data.
      const carried = domain === '' && moves.has(op) && !lookups.has(op) ? inputs.slice(0, 1) : inputs;
      const isFixed = carried.length > 0 && carried.every((name) => name === '' || fixed.has(name));
      const isPrepared =
        domain === '' &&
        preparations.has(op) &&
        inputs.every((name) => name === '' || fixed.has(name) || prepared.has(name));
      for (const output of outputs) {
        if (isFixed) fixed.add(output);
        else if (isPrepared) prepared.add(output);
      }
    }
    this.#fixed = fixed;
    this.#prepared = prepared;
    this.#beforeSoftmax = before('Softmax', this.#nodes);
    this.#batch = new Set(
      (graph.inputs ?? []).flatMap(({ name, dims }) => {
        const first = dims?.[0];
        return typeof first === 'number' && first > 1 && !graph.initializers.has(name) ? [first] : [];
      }),
    );
    this.#constantsCount = !this.#nodes.some(
      ({ op, inputs }) => products.has(op) && inputs.some((name) => this.#isInitializer(name)),
    );
  }

  uses(): ReadonlyMap<string, readonly Use[]> {
    for (const node of this.#nodes) {
      node.inputs.forEach((input, index) => {
        if (!this.#fixed.has(input) || node.outputs.some((output) => this.#fixed.has(output))) return;
        const found = roleOf(node, index);
        if (found === undefined) this.#trace(input, { role: undefined, reason: noRole(node, index) });
        else if (found.plain) this.#inArithmetic(node, input, found.role);
        else this.#trace(input, { role: found.role, reason: `it is the ${found.role} of ${describe(node)}` });
      });
    }
    return this.#uses;
  }

  #isInitializer(name: string): boolean {
    return this.#graph.initializers.get(name)?.type === 'float32' && this.#graph.constants?.has(name) !== true;
  }

  /** A value that meets data in an operator that takes parameters and constants alike. */
  #inArithmetic(node: GraphNode, value: string, role: Role): void {
    const as = describe(node);
    const data = node.inputs.filter((name) => !this.#fixed.has(name));
    const isInput = data.every((name) => this.#prepared.has(name));
    const ofProduct = role === 'bias' && data.some((name) => this.#comesFromProduct(name));
    const uniform = role === 'bias' && node.outputs.some((output) => this.#beforeSoftmax.has(output));
    this.#trace(value, { role, reason: `it is the ${role} of ${as}` }, (name, tensor): string | undefined => {
      const { dims } = tensor;
      if (sizeOf(dims) === 1 && !ofProduct) return 'it is a single number';
      if (isInput && dims.filter((dim) => dim > 1).length < 2)
        return `${as} stands before the first layer, where inputs are scaled`;
      if (isMask(tensor) || (uniform && isUniform(tensor))) return `it is a mask, read by ${as}`;
      if (isTable(tensor)) return `it is a table of a fixed function, read by ${as}`;
      if (this.#isBatchSized(dims, role)) return `its first dimension, ${dims[0]}, is the batch's: ${as} reads it`;
      if (this.#graph.constants?.has(name) === true && !this.#constantsCount && !ofProduct)
        return `it is a constant of the file, read by ${as}`;
      return undefined;
    });
  }

  #isBatchSized(dims: readonly number[], role: Role): boolean {
    const first = dims[0] ?? 1;
    return dims.length >= 3 && first > 1 && (role === 'token' || this.#batch.has(first));
  }

  /** Whether a value is what an operator with a weight gave, moved at most. */
  #comesFromProduct(value: string): boolean {
    const node = this.#producers.get(value);
    if (node === undefined) return false;
    return products.has(node.op) || (moves.has(node.op) && this.#comesFromProduct(node.inputs[0] ?? ''));
  }

  /** Notes a use of every initializer that a value is made of. `refused`: why one is none, after all. */
  #trace(
    value: string,
    use: Use,
    refused: (name: string, tensor: Tensor) => string | undefined = () => undefined,
  ): void {
    const tensor = this.#graph.initializers.get(value);
    if (tensor !== undefined) {
      if (tensor.type !== 'float32') return;
      const reason =
        use.role === undefined ? undefined : (refused(value, tensor) ?? this.#refusedAnyway(value, tensor, use.role));
      const uses = this.#uses.get(value) ?? [];
      uses.push(reason === undefined ? use : { role: undefined, reason });
      this.#uses.set(value, uses);
      return;
    }
    const node = this.#producers.get(value);
    if (node === undefined || node.domain !== '') return;
    if (moves.has(node.op)) this.#trace(node.inputs[0] ?? '', use, refused);
    else if (joins.has(node.op)) {
      const isPart = (name: string, part: Tensor): string | undefined => {
        if (use.role === undefined) return undefined;
        const plain = node.op !== 'MatMul' && node.op !== 'Gemm' && node.op !== 'Einsum';
        if (plain && sizeOf(part.dims) === 1) return 'it is a single number';
        if (plain && isMask(part)) return `it is a mask, read by ${describe(node)}`;
        if (plain && node.op === 'Concat' && this.#graph.constants?.has(name) === true && isUniform(part))
          return `it is padding, joined by ${describe(node)}`;
        return refused(name, part);
      };
      for (const input of node.inputs) this.#trace(input, use, isPart);
    } else if (node.op === 'Where') for (const input of node.inputs.slice(1)) this.#trace(input, use, refused);
  }

  /** What is no parameter in whatever role. */
  #refusedAnyway(name: string, tensor: Tensor, role: Role): string | undefined {
    if (role === 'weight' && sizeOf(tensor.dims) > 1 && isGeometricWeight(tensor))
      return 'it is a table of frequencies';
    if (role === 'embedding' && tensor.dims.length < 2) return 'it is a list of numbers that are looked up';
    if (role === 'embedding' && isTable(tensor)) return 'it is a table of a fixed function that is looked up';
    // Exporters write a normalisation without scale and bias with ones and zeros.
    const isConstant = this.#graph.constants?.has(name) === true;
    if (isConstant && (role === 'scale' || role === 'bias') && isUniform(tensor) && !this.#constantsCount)
      return `it is a constant of the file, all ${(tensor.data as Float32Array)[0]}`;
    return undefined;
  }
}

const isGeometricWeight = (tensor: Tensor): boolean =>
  tensor.dims.some((dim) => dim === sizeOf(tensor.dims)) && isTable(tensor);

const describe = ({ op, name, outputs }: GraphNode): string => `${op} ("${name || outputs[0]}")`;

const named: Readonly<Record<string, readonly string[]>> = {
  LSTM: ['', '', '', '', 'lengths', 'initial state', 'initial state'],
  GRU: ['', '', '', '', 'lengths', 'initial state'],
  RNN: ['', '', '', '', 'lengths', 'initial state'],
  BatchNormalization: ['', '', '', 'running mean', 'running variance'],
  Sub: ['minuend', 'mean'],
  Div: ['numerator', 'divisor'],
  QuantizeLinear: ['', 'quantisation scale'],
  DequantizeLinear: ['', 'quantisation scale'],
};

function noRole(node: GraphNode, index: number): string {
  const what = Object.hasOwn(named, node.op) ? named[node.op]![index] : undefined;
  if (what !== undefined && what !== '') return `it is the ${what} of ${describe(node)}`;
  return `${describe(node)} reads it, in a place that holds no weight, bias, scale or embedding`;
}

const withSubgraphs = (nodes: readonly GraphNode[]): readonly GraphNode[] =>
  nodes.flatMap((node) => [
    node,
    ...[...node.attributes.values()].flatMap((attribute) =>
      attribute.kind === 'graph' ? withSubgraphs(attribute.value.nodes) : [],
    ),
  ]);

/** The values that reach an operator moved at most. */
function before(op: string, nodes: readonly GraphNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes.toReversed()) {
    if (node.op === op || (moves.has(node.op) && node.outputs.some((output) => found.has(output))))
      found.add(node.inputs[0] ?? '');
  }
  return found;
}
