import type { Model } from '../graph/model.ts';

/**
 * The model with running statistics that belong to one batch normalisation each. Exporters make one tensor of equal ones, some with an
 * `Identity` for each further name, so that the statistics of layers that were never trained are one, and are their biases and scales too.
 */
export function ownStatistics(model: Model): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const read = new Map<string, number>();
  for (const name of graph.nodes.flatMap(({ inputs }) => inputs)) read.set(name, (read.get(name) ?? 0) + 1);
  const aliases = new Map(
    graph.nodes.flatMap(({ op, inputs, outputs }) => (op === 'Identity' ? [[outputs[0], inputs[0]]] : [])),
  );
  const behind = (name: string): string => (aliases.has(name) ? behind(aliases.get(name) as string) : name);
  const own = (name: string, copy: string): string => {
    const tensor = graph.initializers.get(behind(name));
    if (tensor === undefined || (read.get(name) === 1 && !aliases.has(name))) return name;
    initializers.set(copy, tensor);
    return copy;
  };
  const nodes = graph.nodes.map((node) => {
    if (node.op !== 'BatchNormalization' || node.domain !== '' || node.inputs.length < 5) return node;
    const [x, scale, bias, mean, variance] = node.inputs as [string, string, string, string, string];
    const [output] = node.outputs as [string];
    const statistics = [own(mean, `${output}/running_mean`), own(variance, `${output}/running_var`)];
    return { ...node, inputs: [x, scale, bias, ...statistics] };
  });
  return { ...model, graph: { ...graph, nodes, initializers } };
}
