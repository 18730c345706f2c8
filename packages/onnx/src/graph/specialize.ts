import { hint, show } from '@anneal/core/options';
import { OnnxError } from '../onnxError.ts';
import { folded, tensorFrom } from './foldConstants.ts';
import type { Attribute, Graph, GraphNode, Model, ValueInfo } from './model.ts';
import { raiseOpset } from './raiseOpset.ts';
import { sizeOf, type Tensor } from './tensor.ts';
import { valuesRead } from './valuesRead.ts';

/**
 * The model for certain values of some inputs: those become constants, what they decide is decided, and of an `If` the branch that is taken
 * stands in its place. So a model with control flow, which has no gradient, becomes one that can be trained.
 *
 * Inputs whose shape is declared decide too. The result is raised to operator set 18 or later ({@link raiseOpset}).
 *
 * @param values a number, a truth value or a tensor for each input that is given
 * @throws OnnxError `argument` for an input that the model lacks, or a value that it does not take.
 *
 * @example
 * specialize(model, { sr: 16000 }); // a model for one sampling rate
 */
export function specialize(model: Model, values: Readonly<Record<string, number | bigint | boolean | Tensor>>): Model {
  const raised = raiseOpset(model);
  const { inputs } = raised.graph;
  const names = inputs.map(({ name }) => name);
  for (const name of Object.keys(values)) {
    if (!names.includes(name))
      throw new OnnxError(
        'argument',
        'specialize',
        `the model has no input "${name}"${hint(name, names, {})}; it has ${names.join(', ') || 'none'}`,
      );
  }
  const given = new Map(
    inputs.flatMap((input) => (input.name in values ? [[input.name, tensorOf(input, values[input.name]!)]] : [])),
  );
  return { ...raised, graph: decided(raised.graph, given) };
}

function tensorOf({ name, type = 'float32', dims = [] }: ValueInfo, value: number | bigint | boolean | Tensor): Tensor {
  const fail = (rule: string): never => {
    throw new OnnxError('argument', 'specialize', `${name} must be ${rule}; received ${show(value)}`);
  };
  if (typeof value === 'object') return value.type === type ? value : fail(`a tensor of ${type}`);
  const known = dims.map((dim) => (typeof dim === 'number' ? dim : 1));
  if (sizeOf(known) !== 1) return fail(`a tensor of the shape [${known.join(', ')}]`);
  const number = Number(value);
  const whole = type.startsWith('int') || type.startsWith('uint');
  if (Number.isNaN(number) || (whole && !Number.isSafeInteger(number))) return fail(`a value of ${type}`);
  return tensorFrom(type, known, [number]) ?? fail(`a value of a type other than ${type}`);
}

/** The graph with constants in place of inputs, and everything that follows from them. */
function decided(graph: Graph, given: ReadonlyMap<string, Tensor>): Graph {
  const initializers = new Map([...graph.initializers, ...given]);
  const inputs = graph.inputs.filter(({ name }) => !given.has(name));
  const declared = new Map(inputs.map(({ name, dims }) => [name, dims]));
  const taken = new Set([...initializers.keys(), ...declared.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  const labels = new Set(graph.nodes.map(({ name }) => name));
  const constants = new Set(graph.constants);
  const nodes: GraphNode[] = [];
  const walk = (list: readonly GraphNode[]): void => {
    for (const node of list) {
      const branch = chosen(node, initializers);
      if (branch !== undefined) inline(node, branch);
      else {
        const tensor = folded(
          node,
          (name) => initializers.get(name),
          (name) => declared.get(name),
        );
        if (tensor === undefined || isOutput(graph, node)) nodes.push(node);
        else initializers.set(node.outputs[0] as string, tensor);
      }
    }
  };
  /** The branch in place of its `If`. Names that stand around it already, as in another branch, are given anew. */
  const inline = (node: GraphNode, branch: Graph): void => {
    const own = [...branch.initializers.keys(), ...branch.nodes.flatMap(({ outputs }) => outputs)].filter(Boolean);
    const names = new Map<string, string>();
    for (const name of own) {
      let free = name;
      for (let i = 1; taken.has(free); i++) free = `${name}_${i}`;
      taken.add(free);
      if (free !== name) names.set(name, free);
    }
    const renamed = (name: string): string => names.get(name) ?? name;
    for (const [name, tensor] of branch.initializers) initializers.set(renamed(name), tensor);
    for (const name of branch.constants ?? []) constants.add(renamed(name));
    // Names of nodes are unique in a graph, where they have any.
    for (const inner of branch.nodes) {
      const name = labels.has(inner.name) ? '' : inner.name;
      labels.add(name);
      walk([{ ...withNames(inner, renamed), name }]);
    }
    node.outputs.forEach((output, i) => {
      const value = branch.outputs[i]?.name;
      if (value === undefined || output === '') return;
      walk([
        { op: 'Identity', domain: '', name: '', inputs: [renamed(value)], outputs: [output], attributes: new Map() },
      ]);
    });
  };
  walk(graph.nodes);
  const read = new Set([...valuesRead({ nodes }), ...graph.outputs.map(({ name }) => name)]);
  return {
    ...graph,
    nodes,
    constants,
    inputs: inputs.filter(({ name }) => read.has(name)),
    initializers: new Map([...initializers].filter(([name]) => read.has(name))),
  };
}

const isOutput = ({ outputs }: Graph, node: GraphNode): boolean =>
  outputs.some(({ name }) => node.outputs.includes(name));

/** The branch of an `If` whose condition is a constant. */
function chosen(node: GraphNode, constants: ReadonlyMap<string, Tensor>): Graph | undefined {
  const condition = node.op === 'If' && node.domain === '' ? constants.get(node.inputs[0] ?? '') : undefined;
  if (condition === undefined) return undefined;
  const branch = node.attributes.get(Number(condition.data[0]) === 0 ? 'else_branch' : 'then_branch');
  return branch?.kind === 'graph' ? branch.value : undefined;
}

/** A node with other names for the values that it reads and gives, those that its subgraphs read included. */
function withNames(node: GraphNode, renamed: (name: string) => string): GraphNode {
  const inside = (graph: Graph): Graph => {
    const own = new Set([
      ...graph.inputs.map(({ name }) => name),
      ...graph.initializers.keys(),
      ...graph.nodes.flatMap(({ outputs }) => outputs),
    ]);
    const outer = (name: string): string => (own.has(name) ? name : renamed(name));
    return {
      ...graph,
      nodes: graph.nodes.map((inner) => withNames(inner, outer)),
      outputs: graph.outputs.map((output) => ({ ...output, name: outer(output.name) })),
    };
  };
  const attributes = [...node.attributes].map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === 'graph' ? { kind: 'graph', value: inside(attribute.value) } : attribute,
  ]);
  return {
    ...node,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
    attributes: new Map(attributes),
  };
}
