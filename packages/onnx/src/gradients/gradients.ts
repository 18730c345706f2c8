import { expand, zeros } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { GraphNode } from '../graph/model.ts';
import { describeNode, nodeContext, reading, tableOf, unreadAttribute } from '../graph/nodeContext.ts';
import { shapeOf, type Shapes, type ValueShape } from '../graph/shapes.ts';
import { isOtherFloat } from '../graph/tensor.ts';
import { valuesRead } from '../graph/valuesRead.ts';
import { OnnxError } from '../onnxError.ts';
import type { GradientContext, GradientRule } from './gradientRule.ts';
import { standardRules } from './standardRules.ts';

/**
 * Adds to `graph` the nodes of the gradient of a scalar by reverse-mode differentiation: one walk over the nodes from the loss
 * backwards, each node's rule giving the gradients of its inputs from those of its outputs; gradients that meet are added.
 * Only nodes between `wrt` and `loss` are touched, so a frozen part costs nothing.
 *
 * Returns the name of ∂loss/∂value, of the value's shape, for each value in `wrt`.
 *
 * @param shapes static shape of every value on the way, from a runtime (`inferShapes` of @anneal/onnxruntime-web)
 * @param loss name of a float32 value with one element
 * @param rules one rule per operator; a later one for the same operator replaces an earlier one
 * @param stopped values that are constants to the loss, whatever they are computed from: `detach` of PyTorch, `stop_gradient` elsewhere
 * @throws OnnxError `noGradient` for an operator or attribute without a rule, with the path that leads to it;
 * `argument` when the loss does not depend on a value in `wrt`.
 */
export function gradients(
  graph: GraphBuilder,
  shapes: Shapes,
  loss: string,
  wrt: readonly string[],
  rules: readonly GradientRule[] = standardRules,
  stopped: readonly string[] = [],
): ReadonlyMap<string, string> {
  const ruleOf = tableOf(rules);
  const nodes = [...graph.nodes];
  const paths = findPaths(graph, shapes, loss, wrt, ruleOf, stopped);
  const unreached = wrt.find((name) => !paths.has(name));
  if (unreached !== undefined) {
    throw new OnnxError(
      'argument',
      unreached,
      `the loss "${loss}" does not depend on this value through operators that have a gradient`,
    );
  }

  const found = new Map<string, string[]>([[loss, [ones(graph, shapes, loss)]]]);
  /** The gradient of a value, all its parts added, in the order in which they were found. */
  const total = (name: string): string | undefined => {
    const parts = found.get(name);
    if (parts === undefined) return undefined;
    const sum = parts.reduce((a, b) => graph.op('Add', [a, b]));
    found.set(name, [sum]);
    return sum;
  };
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => paths.has(output)) || !node.inputs.some((input) => paths.has(input))) continue;
    const dys = node.outputs.map((output) => (output === '' ? undefined : total(output)));
    if (dys.every((dy) => dy === undefined)) continue;
    const rule = ruleOf(node) as GradientRule;
    const dy = dys[0] ?? zeros(graph, shapeOf(shapes, node.outputs[0] as string).dims);
    const needs = (i: number): boolean => isDifferentiable(rule, i) && paths.has(node.inputs[i] ?? '');
    const asked = new Set([0]);
    const context: GradientContext = {
      ...nodeContext(graph, shapes, node, rule, needs),
      dy(index) {
        asked.add(index);
        return dys[index];
      },
      needOutput: (index) => graph.needOutput(node, index),
    };
    const results = reading(node, () => rule.gradient(context, dy));
    const unread = dys.findIndex((part, i) => part !== undefined && !asked.has(i));
    if (unread > 0) context.refuse(`its output "${node.outputs[unread]}", which the loss depends on`);
    node.inputs.forEach((input, i) => {
      const gradient = results[i];
      if (typeof gradient !== 'string' || !needs(i)) return;
      const parts = found.get(input);
      if (parts === undefined) found.set(input, [gradient]);
      else parts.push(gradient);
    });
  }
  return new Map(wrt.map((name) => [name, total(name) ?? zeros(graph, shapeOf(shapes, name).dims)]));
}

/**
 * The values among `candidates` that the loss depends on through operators with a gradient: what can be trained.
 *
 * @throws OnnxError `noGradient` as {@link gradients} does.
 */
export function reachable(
  graph: GraphBuilder,
  shapes: Shapes,
  loss: string,
  candidates: readonly string[],
  rules: readonly GradientRule[] = standardRules,
  stopped: readonly string[] = [],
): string[] {
  const needed = findPaths(graph, shapes, loss, candidates, tableOf(rules), stopped);
  return candidates.filter((name) => needed.has(name));
}

const isDifferentiable = (rule: GradientRule, input: number): boolean => rule.inputs?.includes(input) ?? true;

const ones = (graph: GraphBuilder, shapes: Shapes, loss: string): string => {
  const { type, dims } = shapeOf(shapes, loss);
  if (type !== 'float32' || dims.some((dim) => dim !== 1)) {
    throw new OnnxError(
      'argument',
      loss,
      `the loss must be one float32 number; received ${type} of shape [${dims.join(', ')}]`,
    );
  }
  return dims.length === 0 ? graph.scalar(1) : expand(graph, graph.scalar(1), dims);
};

/** The values that lie on a way from `wrt` to the loss: downstream of one, upstream of the other, through inputs with a gradient. */
function findPaths(
  graph: GraphBuilder,
  shapes: Shapes,
  loss: string,
  wrt: readonly string[],
  ruleOf: (node: GraphNode) => GradientRule | undefined,
  stopped: readonly string[],
): ReadonlySet<string> {
  const nodes = [...graph.nodes];
  const goesOn = (output: string): boolean => !stopped.includes(output);
  const passes = (rule: GradientRule | undefined, i: number): boolean =>
    rule === undefined || isDifferentiable(rule, i);
  const backward = nodes.toReversed();
  /** What a node reads besides its inputs: a subgraph reaches into the graph around it. */
  const captured = new Map(
    nodes.flatMap((node) => (hasSubgraph(node) ? [[node, valuesRead({ nodes: [node] })] as const] : [])),
  );
  const upstream = new Set([loss]);
  for (const node of backward) {
    const rule = ruleOf(node);
    if (node.outputs.some((output) => upstream.has(output) && goesOn(output)))
      [...node.inputs, ...(captured.get(node) ?? [])].forEach((input, i) => passes(rule, i) && upstream.add(input));
  }

  // For each value reached, the value before it, to tell the way in an error.
  const from = new Map<string, string | undefined>(wrt.map((name) => [name, undefined]));
  for (const node of nodes) {
    if (!node.outputs.some((output) => upstream.has(output) && goesOn(output))) continue;
    const rule = ruleOf(node);
    const entry =
      node.inputs.find((input, i) => from.has(input) && passes(rule, i)) ??
      captured.get(node)?.find((input) => from.has(input));
    // An integer or boolean result has no derivative: the way ends there (Shape, ArgMax, comparisons).
    const results = node.outputs.filter((output) => output !== '' && goesOn(output) && isFloating(shapes.get(output)));
    if (entry === undefined || results.length === 0) continue;
    const refuse = (what: string): never => {
      const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
      const message = `the operator (${describeNode(node)}) ${what}; it lies on the way ${wayTo(from, entry, node, loss)}`;
      throw new OnnxError('noGradient', op, message);
    };
    if (rule === undefined) return refuse(hasSubgraph(node) ? controlFlow(node, graph) : 'has no gradient rule');
    const unknown = unreadAttribute(node, rule);
    if (unknown !== undefined) refuse(`has the attribute "${unknown}", which its gradient rule does not cover`);
    const { type } = shapeOf(shapes, entry);
    if (type !== 'float32')
      refuse(
        `works in ${type}, and gradients are taken in float32${isOtherFloat(type) ? ': train toFloat32(model)' : ''}`,
      );
    for (const output of results) if (!from.has(output)) from.set(output, entry);
  }

  const needed = new Set(from.has(loss) ? [loss] : []);
  for (const node of backward) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    const rule = ruleOf(node);
    node.inputs.forEach((input, i) => from.has(input) && passes(rule, i) && needed.add(input));
  }
  return needed;
}

const hasSubgraph = ({ attributes }: GraphNode): boolean =>
  [...attributes.values()].some(({ kind }) => kind === 'graph');

/** What control flow lacks, with what it is decided by. */
function controlFlow(node: GraphNode, { nodes, inputs }: GraphBuilder): string {
  const plain = 'is control flow, which has no gradient rule';
  if (node.op !== 'If') return plain;
  const needed = new Set([node.inputs[0] as string]);
  for (const other of nodes.toReversed())
    if (other.outputs.some((output) => needed.has(output))) for (const input of other.inputs) needed.add(input);
  const sources = inputs.filter(({ name }) => needed.has(name));
  const list = sources.map(({ name }) => `"${name}"`).join(', ');
  return sources.length === 0
    ? plain
    : `${plain}; it is decided by ${list}, for given values of which specialize(model, { … }) takes it out`;
}

const isFloating = (shape: ValueShape | undefined): boolean =>
  shape === undefined || shape.type.startsWith('float') || shape.type === 'bfloat16';

const wayTo = (from: ReadonlyMap<string, string | undefined>, entry: string, node: GraphNode, loss: string): string => {
  const way: string[] = [];
  for (let at: string | undefined = entry; at !== undefined; at = from.get(at)) way.unshift(at);
  const shown = way.length > 8 ? [...way.slice(0, 4), '…', ...way.slice(-3)] : way;
  return [...shown, `[${node.op}]`, '…', loss].join(' → ');
};
