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

/**
 * The model's value that a loss reads: the one named by its option, else the one of the usual name, else the model's only output.
 *
 * @throws OnnxError `argument` where there is none, naming the outputs and the option.
 */
export function outputOf(graph: GraphBuilder, loss: string, option: string, name: string | undefined): string {
  const wanted = name ?? option;
  if (graph.has(wanted)) return wanted;
  const outputs = graph.outputs.map((output) => output.name);
  if (name === undefined && outputs.length === 1) return outputs[0] as string;
  const held = outputs.map((output) => `"${output}"`).join(', ') || 'none';
  const advice = name === undefined ? `; name the one that is meant: ${loss}({ ${option}: "…" })` : '';
  throw new OnnxError(
    'argument',
    loss,
    `${option}: the model has no value named "${wanted}"; its outputs are ${held}${advice}`,
  );
}
