import type { Shapes } from '../graph/shapes.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';

/**
 * Adds a loss to a forward graph and returns the name of its value, one float32 number.
 * `feeds` holds type and shape of everything in a batch: labels become inputs of the graph.
 * `target` is where the graph will run: not every operator exists everywhere. Any function of this type is a loss.
 */
export type Loss = (graph: GraphBuilder, feeds: Shapes, target?: 'cpu' | 'webgpu') => string;

/** A loss that the model computes itself: the name of an output, or of any value, with one element. */
export const valueAsLoss =
  (name: string): Loss =>
  () =>
    name;

/** Declares `name` as an input of the type and shape it has in the batch; an input or a value that the model has already is used as it is. */
export function feedInput(graph: GraphBuilder, feeds: Shapes, name: string): string {
  const feed = feeds.get(name);
  if (graph.inputs.some((input) => input.name === name)) return name;
  if (graph.has(name)) {
    if (feed === undefined) return name;
    throw new OnnxError(
      'argument',
      name,
      'the model computes a value of this name; give what the loss reads from the batch another',
    );
  }
  if (feed === undefined) {
    const held = [...feeds.keys()].join(', ') || 'nothing';
    throw new OnnxError('argument', name, `the loss reads "${name}", which no batch holds; it holds ${held}`);
  }
  return graph.input(name, feed.type, feed.dims);
}
