import type { Model } from '../graph/model.ts';

/**
 * The model with running statistics that belong to one batch normalisation each. Exporters make one tensor of equal ones, so that the
 * statistics of layers that were never trained are one, and are their biases and scales too.
 */
export function ownStatistics(model: Model): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const read = new Map<string, number>();
  for (const name of graph.nodes.flatMap(({ inputs }) => inputs)) read.set(name, (read.get(name) ?? 0) + 1);
  const own = (name: string, output: string): string => {
    const tensor = graph.initializers.get(name);
    if (tensor === undefined || read.get(name) === 1) return name;
    const copy = `${output}/${name}`;
    initializers.set(copy, tensor);
    return copy;
  };
  const nodes = graph.nodes.map((node) => {
    if (node.op !== 'BatchNormalization' || node.domain !== '') return node;
    const inputs = node.inputs.map((name, i) => (i < 3 ? name : own(name, node.outputs[0] as string)));
    return { ...node, inputs };
  });
  return { ...model, graph: { ...graph, nodes, initializers } };
}
