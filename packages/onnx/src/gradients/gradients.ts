import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { Attribute, GraphNode } from '../graph/model.ts';
import { OnnxError } from '../onnxError.ts';
import type { GradientContext, GradientRule, Shapes, ValueShape } from './gradientRule.ts';
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
 * @throws OnnxError `noGradient` for an operator or attribute without a rule, with the path that leads to it;
 * `argument` when the loss does not depend on a value in `wrt`.
 */
export function gradients(
  graph: GraphBuilder,
  shapes: Shapes,
  loss: string,
  wrt: readonly string[],
  rules: readonly GradientRule[] = standardRules,
): ReadonlyMap<string, string> {
  const table = new Map(rules.map((rule) => [key(rule.domain ?? '', rule.op), rule]));
  const nodes = [...graph.nodes];
  const paths = findPaths(nodes, shapes, loss, wrt, table);
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
    const rule = table.get(key(node.domain, node.op)) as GradientRule;
    const dy = dys[0] ?? zeros(graph, shapes, node.outputs[0] as string);
    const context = contextOf(graph, shapes, node, rule, dys, (input) => paths.has(input));
    const results = applied(rule, context, dy);
    node.inputs.forEach((input, i) => {
      const gradient = results[i];
      if (typeof gradient !== 'string' || !paths.has(input) || !isDifferentiable(rule, i)) return;
      const parts = found.get(input);
      if (parts === undefined) found.set(input, [gradient]);
      else parts.push(gradient);
    });
  }
  return new Map(wrt.map((name) => [name, total(name) ?? zeros(graph, shapes, name)]));
}

/** A rule meets nodes as files hold them: one that it cannot read, for want of an input or an attribute's sense, is refused by name. */
function applied(rule: GradientRule, context: GradientContext, dy: string): ReturnType<GradientRule['gradient']> {
  try {
    return rule.gradient(context, dy);
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    const { name, outputs } = context.node;
    const message = `the gradient rule cannot read the node "${name || outputs[0]}": ${String(cause)}`;
    throw new OnnxError('noGradient', rule.op, message, { cause });
  }
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
): string[] {
  const table = new Map(rules.map((rule) => [key(rule.domain ?? '', rule.op), rule]));
  const needed = findPaths(graph.nodes, shapes, loss, candidates, table);
  return candidates.filter((name) => needed.has(name));
}

const key = (domain: string, op: string): string => `${domain} ${op}`;

const isDifferentiable = (rule: GradientRule, input: number): boolean => rule.inputs?.includes(input) ?? true;

const shapeOf = (shapes: Shapes, name: string): ValueShape => {
  const shape = shapes.get(name);
  if (shape === undefined) throw new OnnxError('argument', name, 'the shapes given hold no static shape of this value');
  return shape;
};

const zeros = (graph: GraphBuilder, shapes: Shapes, name: string): string =>
  graph.op('Expand', [graph.scalar(0), graph.list(shapeOf(shapes, name).dims)]);

const ones = (graph: GraphBuilder, shapes: Shapes, loss: string): string => {
  const { type, dims } = shapeOf(shapes, loss);
  if (type !== 'float32' || dims.some((dim) => dim !== 1)) {
    throw new OnnxError(
      'argument',
      loss,
      `the loss must be one float32 number; received ${type} of shape [${dims.join(', ')}]`,
    );
  }
  return dims.length === 0 ? graph.scalar(1) : graph.op('Expand', [graph.scalar(1), graph.list(dims)]);
};

/** The values that lie on a way from `wrt` to the loss: downstream of one, upstream of the other, through inputs with a gradient. */
function findPaths(
  nodes: readonly GraphNode[],
  shapes: Shapes,
  loss: string,
  wrt: readonly string[],
  table: ReadonlyMap<string, GradientRule>,
): ReadonlySet<string> {
  const ruleOf = (node: GraphNode): GradientRule | undefined => table.get(key(node.domain, node.op));
  const passes = (rule: GradientRule | undefined, i: number): boolean =>
    rule === undefined || isDifferentiable(rule, i);
  const backward = nodes.toReversed();
  const upstream = new Set([loss]);
  for (const node of backward) {
    const rule = ruleOf(node);
    if (node.outputs.some((output) => upstream.has(output)))
      node.inputs.forEach((input, i) => passes(rule, i) && upstream.add(input));
  }

  // For each value reached, the value before it, to tell the way in an error.
  const from = new Map<string, string | undefined>(wrt.map((name) => [name, undefined]));
  for (const node of nodes) {
    if (!node.outputs.some((output) => upstream.has(output))) continue;
    const rule = ruleOf(node);
    const entry = node.inputs.find((input, i) => from.has(input) && passes(rule, i));
    // An integer or boolean result has no derivative: the way ends there (Shape, ArgMax, comparisons).
    const results = node.outputs.filter((output) => output !== '' && isFloating(shapes.get(output)));
    if (entry === undefined || results.length === 0) continue;
    const refuse = (what: string): never => {
      const op = node.domain === '' ? node.op : `${node.domain}.${node.op}`;
      const message = `the operator (node "${node.name || node.outputs[0]}") ${what}; it lies on the way ${wayTo(from, entry, node, loss)}`;
      throw new OnnxError('noGradient', op, message);
    };
    if (rule === undefined) refuse('has no gradient rule');
    const unknown = [...node.attributes.keys()].find((name) => rule?.attributes?.includes(name) !== true);
    if (unknown !== undefined) refuse(`has the attribute "${unknown}", which its gradient rule does not cover`);
    const { type } = shapeOf(shapes, entry);
    if (type !== 'float32') refuse(`works in ${type}, and gradients are taken in float32`);
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

const isFloating = (shape: ValueShape | undefined): boolean =>
  shape === undefined || shape.type.startsWith('float') || shape.type === 'bfloat16';

const wayTo = (from: ReadonlyMap<string, string | undefined>, entry: string, node: GraphNode, loss: string): string => {
  const way: string[] = [];
  for (let at: string | undefined = entry; at !== undefined; at = from.get(at)) way.unshift(at);
  const shown = way.length > 8 ? [...way.slice(0, 4), '…', ...way.slice(-3)] : way;
  return [...shown, `[${node.op}]`, '…', loss].join(' → ');
};

function contextOf(
  graph: GraphBuilder,
  shapes: Shapes,
  node: GraphNode,
  rule: GradientRule,
  dys: readonly (string | undefined)[],
  needed: (value: string) => boolean,
): GradientContext {
  const fail = (what: string): never => {
    throw new OnnxError(
      'noGradient',
      node.op,
      `the operator (node "${node.name || node.outputs[0]}") has no gradient rule for ${what}`,
    );
  };
  const read = (name: string, kind: Attribute['kind']): Attribute['value'] | undefined => {
    if (!rule.attributes?.includes(name))
      throw new OnnxError('argument', node.op, `the rule reads the attribute "${name}" and does not list it`);
    const attribute = node.attributes.get(name);
    if (attribute !== undefined && attribute.kind !== kind) fail(`an attribute "${name}" of kind ${attribute.kind}`);
    return attribute?.value;
  };
  const input = (index: number): string => node.inputs[index] ?? '';
  return {
    node,
    input,
    dy: (index) => dys[index],
    output: (index = 0) => node.outputs[index] ?? '',
    needOutput: (index) => graph.needOutput(node, index),
    attributes: Object.fromEntries(node.attributes),
    needs: (index) => isDifferentiable(rule, index) && needed(input(index)),
    dims: (value) => shapeOf(shapes, value).dims,
    type: (value) => shapeOf(shapes, value).type,
    constant: (value) => graph.initializers.get(value),
    int: (name, fallback) => Number(read(name, 'int') ?? fallback),
    float: (name, fallback) => (read(name, 'float') ?? fallback) as number,
    text: (name, fallback) => (read(name, 'string') ?? fallback) as string,
    ints: (name) => (read(name, 'ints') as readonly (number | bigint)[] | undefined)?.map(Number),
    refuse: fail,
    op: (op, inputs, attributes) => graph.op(op, inputs, attributes),
    ops: (op, inputs, count, attributes) => graph.ops(op, inputs, count, attributes),
    scalar: (value) => graph.scalar(value),
    list: (values) => graph.list(values),
    tensor: (value) => graph.parameter(graph.unique('constant'), value),
  };
}
