import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { GraphNode } from '../graph/model.ts';
import { describeNode, nodeContext, reading, tableOf, unreadAttribute } from '../graph/nodeContext.ts';
import type { Shapes } from '../graph/shapes.ts';
import { valuesRead } from '../graph/valuesRead.ts';
import { OnnxError } from '../onnxError.ts';
import type { Lowering } from './lowering.ts';
import { standardLowerings } from './standardLowerings.ts';

/**
 * Replaces the nodes that have a lowering, in place: the order stays topological, and the values keep the names that the rest of the
 * graph knows them by. Returns whether anything changed; the shapes of the new values are not in `shapes` then.
 *
 * @param shapes static shapes of the values, from a runtime
 * @param trained values that will be trained; what none of them reaches has no gradient. By default everything may have one.
 * @throws OnnxError `noGradient` for a form of an operator that its lowering does not cover.
 */
export function lowerNodes(
  graph: GraphBuilder,
  shapes: Shapes,
  lowerings: readonly Lowering[] = standardLowerings,
  trained?: Iterable<string>,
): boolean {
  const loweringOf = tableOf(lowerings);
  const reached = trained && new Set(trained);
  const nodes = graph.nodes.splice(0);
  const read = new Set([...graph.outputs.map(({ name }) => name), ...valuesRead({ nodes })]);
  const producer = (value: string): GraphNode | undefined => nodes.find(({ outputs }) => outputs.includes(value));
  let changed = false;
  for (const node of nodes) {
    const needs = (index: number): boolean => reached?.has(node.inputs[index] ?? '') ?? true;
    const lowering = loweringOf(node);
    const start = graph.nodes.length;
    const context = lowering && { ...nodeContext(graph, shapes, node, lowering, needs), producer };
    const results = context && reading(node, () => lowering.lower(context));
    if (results === undefined) {
      graph.nodes.length = start;
      graph.nodes.push(node);
    } else {
      changed = true;
      const unread = unreadAttribute(node, lowering as Lowering);
      if (unread !== undefined) context?.refuse(`the attribute "${unread}"`);
      node.outputs.forEach((output, i) => {
        const value = results[i];
        if (value !== undefined && output !== '') {
          graph.nodes.push({
            op: 'Identity',
            domain: '',
            name: '',
            inputs: [value],
            outputs: [output],
            attributes: new Map(),
          });
        } else if (read.has(output)) {
          throw new OnnxError(
            'argument',
            node.op,
            `the lowering of the ${describeNode(node)} gives no value for "${output}"`,
          );
        }
      });
    }
    if (node.inputs.some((_, i) => needs(i))) for (const output of node.outputs) reached?.add(output);
  }
  return changed;
}
