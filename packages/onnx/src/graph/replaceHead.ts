import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';
import { GraphBuilder } from './graphBuilder.ts';
import type { GraphNode, Model } from './model.ts';
import { raiseOpset } from './raiseOpset.ts';
import { signatureFor } from '../roles/exportSignature.ts';
import { valuesRead } from './valuesRead.ts';

export interface ReplaceHeadOptions {
  /** Name of the value where the model is cut: an output of a node, or an input. */
  readonly at: string;
  /**
   * Attaches new layers to the value and declares the outputs. All inputs of the model can be read, as can whatever `at` was computed
   * from; names of what was cut off are free.
   */
  readonly with: (graph: GraphBuilder, value: string) => void;
}

/**
 * Cuts a model at a value and puts new layers there: the first step of fine-tuning a pretrained model on a task of one's own.
 * What only fed the part cut off (nodes, weights, inputs) is dropped. The model given stays as it is; the result is raised to
 * operator set 18 or later ({@link raiseOpset}).
 *
 * @throws OnnxError `argument` for a value that the model lacks, naming those most like it, or when no output is declared.
 *
 * @example
 * replaceHead(model, {
 *   at: 'pooled',
 *   with: (g, pooled) => g.output('logits', dense(g, pooled, { name: 'head', inputs: 128, outputs: 3, weight })),
 * });
 */
export function replaceHead(model: Model, options: ReplaceHeadOptions): Model {
  checkOptionNames('replaceHead', ['at', 'with'], options);
  const { at } = options;
  const raised = raiseOpset(model);
  const { nodes, inputs, initializers, constants } = raised.graph;
  const values = [...inputs.map(({ name }) => name), ...nodes.flatMap(({ outputs }) => outputs)].filter(Boolean);
  if (!values.includes(at)) {
    const near = mostAlike(at, values).map((name) => `"${name}"`);
    throw new OnnxError(
      'argument',
      'replaceHead',
      `at: no value of the model is named "${at}"; near are ${near.join(', ') || 'none'}`,
    );
  }
  const kept = neededFor(nodes, [at]);
  const read = new Set([at, ...valuesRead({ nodes: kept })]);
  // Of the graph's `extra`, which describes values that are gone, what tells parameters and buffers apart.
  const extra = signatureFor(raised.graph.extra, read);
  const body = {
    name: raised.graph.name,
    nodes: kept,
    inputs,
    outputs: [],
    initializers: new Map([...initializers].filter(([name]) => read.has(name))),
    ...(constants !== undefined && { constants }),
    ...(extra !== undefined && { extra }),
  };
  const graph = new GraphBuilder({ ...raised, graph: body });
  options.with(graph, at);
  if (graph.outputs.length === 0)
    throw new OnnxError('argument', 'replaceHead', 'with: it must declare an output of the graph');
  const whole = graph.model();
  const used = new Set([...valuesRead(whole.graph), ...whole.graph.outputs.map(({ name }) => name)]);
  return { ...whole, graph: { ...whole.graph, inputs: whole.graph.inputs.filter(({ name }) => used.has(name)) } };
}

/** The nodes that values are computed by, in their order. */
function neededFor(nodes: readonly GraphNode[], values: readonly string[]): GraphNode[] {
  const needed = new Set(values);
  const kept = nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((output) => needed.has(output));
    if (isNeeded) for (const name of valuesRead({ nodes: [node] })) needed.add(name);
    return isNeeded;
  });
  return kept.toReversed();
}

/** The five names that share most pairs of neighbouring letters with one (Dice 1945). */
function mostAlike(name: string, names: readonly string[]): string[] {
  const pairs = (text: string): Set<string> =>
    new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.slice(i, i + 2).toLowerCase()));
  const own = pairs(name);
  const likeness = (other: string): number => {
    const theirs = pairs(other);
    return (2 * [...theirs].filter((pair) => own.has(pair)).length) / (own.size + theirs.size + 1);
  };
  const scored = names.map((other) => [likeness(other), other] as const);
  return scored
    .toSorted(([a], [b]) => b - a)
    .slice(0, 5)
    .map(([, other]) => other);
}
