import type { GraphNode, Model } from '../graph/model.ts';

/** How the operators that differ between training and inference say that they are in training mode, and what they are without it. */
const inInference: Readonly<Record<string, (node: GraphNode) => GraphNode>> = {
  Dropout: (node) => ({ ...node, inputs: node.inputs.slice(0, 2) }),
  BatchNormalization(node) {
    // Before operator set 14 it said so by its further outputs alone.
    const attributes = new Map(node.attributes);
    attributes.delete('training_mode');
    return { ...node, attributes, outputs: node.outputs.slice(0, 1) };
  },
};

/**
 * The model as it predicts, also where it was exported in training mode: dropout is the identity, batch normalisation uses its running
 * statistics. What they do while training is up to the trainer.
 */
export const inferenceMode = (model: Model): Model => ({
  ...model,
  graph: {
    ...model.graph,
    nodes: model.graph.nodes.map((node) => {
      const found = node.domain === '' && Object.hasOwn(inInference, node.op) ? inInference[node.op] : undefined;
      return found === undefined ? node : found(node);
    }),
  },
});
