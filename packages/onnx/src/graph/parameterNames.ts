import type { Graph } from './model.ts';
import { sizeOf } from './tensor.ts';

/** Operators that take a weight, and some a bias, beside what they work on. */
const layers = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/**
 * The initializers that are parameters of a model, as far as its graph can tell: every float32 one of more than one
 * element, and a single number where it stands as weight or bias of a layer, or is added to a matrix product. Other single
 * numbers are constants: a scale, an epsilon.
 */
export function parameterNames(graph: Pick<Graph, 'nodes' | 'initializers'>): readonly string[] {
  const products = new Set(graph.nodes.flatMap(({ op, outputs }) => (op === 'MatMul' ? outputs : [])));
  const ofLayers = new Set(
    graph.nodes.flatMap(({ op, inputs }) => {
      const takesParameters = layers.has(op) || (op === 'Add' && inputs.some((name) => products.has(name)));
      return takesParameters ? inputs : [];
    }),
  );
  const initializers = [...graph.initializers].filter(([name, { type, dims }]) => {
    return type === 'float32' && (sizeOf(dims) > 1 || ofLayers.has(name));
  });
  return initializers.map(([name]) => name);
}
