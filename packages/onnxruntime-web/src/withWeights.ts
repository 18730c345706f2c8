import type { Model } from '@anneal/onnx';
import type { State } from './runners/runner.ts';

/**
 * The model with these weights for its own. Some exporters write weights as `Constant` nodes; those given become initializers, which exist on
 * their own since IR version 4.
 */
export function withWeights(model: Model, weights: State): Model {
  const initializers = new Map(model.graph.initializers);
  for (const [name, { dims, data }] of weights)
    initializers.set(name, { type: 'float32', dims, data: data as Float32Array });
  const nodes = model.graph.nodes.filter(({ op, outputs }) => op !== 'Constant' || !weights.has(outputs[0] as string));
  return { ...model, irVersion: Math.max(model.irVersion, 4), graph: { ...model.graph, nodes, initializers } };
}
