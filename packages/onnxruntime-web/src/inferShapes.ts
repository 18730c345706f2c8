import type { DataType, Model, Shapes, ValueShape } from '@anneal/onnx';
import { Session, type Ort } from './ort.ts';

/**
 * The static shape of every value of a model, found by onnxruntime itself: each value becomes an output that has a name and no type, and
 * the session says what it is. Shapes that the graph computes (`Shape`, `Gather`, `Concat`, `Reshape`) are resolved by its constant folding.
 *
 * A value whose shape depends on the data, or on an input with symbolic dimensions, is left out.
 *
 * @throws TrainerError `runtime` when onnxruntime refuses the model.
 */
export async function inferShapes(ort: Ort, model: Model): Promise<Shapes> {
  const { graph } = model;
  const names = graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
  const shapes = new Map<string, ValueShape>();
  for (const { name, type, dims } of graph.inputs)
    if (type !== undefined) addStatic(shapes, name, type, dims ?? [undefined]);
  for (const [name, { type, dims }] of graph.initializers) shapes.set(name, { type, dims });
  if (names.length === 0) return shapes;
  const exposed: Model = { ...model, graph: { ...graph, outputs: names.map((name) => ({ name })) } };
  const session = await Session.open(ort, exposed, 'inferShapes', { graphOptimizationLevel: 'basic' });
  for (const { name, isTensor, type, shape } of session.outputMetadata) {
    if (isTensor && type !== undefined && shape !== undefined) addStatic(shapes, name, type as DataType, shape);
  }
  await session.release();
  return shapes;
}

/** onnxruntime reports a dimension it does not know as a name, or as 2³² − 1. */
function addStatic(
  into: Map<string, ValueShape>,
  name: string,
  type: DataType,
  dims: readonly (number | string | undefined)[],
): void {
  const known = dims.filter((dim) => typeof dim === 'number' && dim >= 0 && dim < 0xffffffff) as number[];
  if (known.length === dims.length) into.set(name, { type, dims: known });
}
