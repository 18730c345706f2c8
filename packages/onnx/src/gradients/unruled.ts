import type { Graph, GraphNode } from '../graph/model.ts';
import { valuesRead } from '../graph/valuesRead.ts';
import { tableOf, type NodeReader } from '../graph/nodeContext.ts';

/** Operators whose results are whole numbers or truth values: no gradient goes through them. */
const discrete = new Set(
  `Shape Size ArgMax ArgMin NonZero NonMaxSuppression Equal Greater GreaterOrEqual Less LessOrEqual Not And Or Xor IsNaN IsInf
   BitShift BitwiseAnd BitwiseOr BitwiseNot BitwiseXor Hardmax`.split(/\s+/),
);

/** Element types of Cast that are no floats. */
const isDiscreteCast = ({ op, attributes }: GraphNode): boolean =>
  op === 'Cast' && ![1, 10, 11, 16].includes(Number(attributes.get('to')?.value));

/**
 * The nodes that stand in the way of training: on a way from a parameter to an output, in floats, without a gradient rule or a lowering.
 *
 * @param readers rules and lowerings
 */
export function unruled(
  { nodes, outputs }: Pick<Graph, 'nodes' | 'outputs'>,
  parameters: readonly string[],
  readers: readonly (NodeReader & { readonly inputs?: readonly number[] })[],
): readonly GraphNode[] {
  const readerOf = tableOf(readers);
  const ends = (node: GraphNode): boolean => node.domain === '' && (discrete.has(node.op) || isDiscreteCast(node));
  const reads = (node: GraphNode): readonly string[] => {
    const inputs = readerOf(node)?.inputs;
    return valuesRead({ nodes: [node] }).filter((name, i) => name !== '' && (inputs?.includes(i) ?? true));
  };
  const needed = new Set(outputs.map(({ name }) => name));
  for (const node of nodes.toReversed())
    if (!ends(node) && node.outputs.some((output) => needed.has(output)))
      for (const name of reads(node)) needed.add(name);
  const reached = new Set(parameters);
  return nodes.filter((node) => {
    if (
      ends(node) ||
      !node.outputs.some((output) => needed.has(output)) ||
      !reads(node).some((name) => reached.has(name))
    )
      return false;
    for (const output of node.outputs) reached.add(output);
    return readerOf(node) === undefined;
  });
}
