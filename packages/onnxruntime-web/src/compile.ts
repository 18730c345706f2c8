import {
  GraphBuilder,
  gradients,
  lowerNodes,
  parameterNames,
  reachable,
  selects,
  standardLowerings,
  trainingStep,
  type Clipping,
  type GradientRule,
  type Loss,
  type Model,
  type Optimizer,
  type ParameterSelector,
  type ScheduledHyperparameter,
  type Shapes,
  type TrainingStep,
  type ValueInfo,
} from '@anneal/onnx';
import { accumulated } from './accumulated.ts';
import { bindInputs } from './batch.ts';
import { inferShapes } from './inferShapes.ts';
import type { Ort } from './ort.ts';
import { TrainerError } from './trainerError.ts';

/** What a training graph is made from, whatever the shape of its batches. */
export interface Recipe {
  /** The model as it was given. */
  readonly original: Model;
  /** The same in the operator set that the gradient rules speak. */
  readonly model: Model;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly trainable?: ParameterSelector | undefined;
  readonly groups: Readonly<Record<string, ParameterSelector>>;
  readonly rules: readonly GradientRule[];
  readonly clip?: Clipping | undefined;
  readonly device: 'cpu' | 'webgpu';
  /** Batches whose mean gradient makes one update. */
  readonly accumulate: number;
  readonly scheduled: (group: string | undefined) => readonly ScheduledHyperparameter[];
}

/** Forward pass and loss for batches of one shape. The outputs are the model's; the loss is none of them yet. */
export function withLoss({ model, loss, device }: Recipe, feeds: Shapes): { graph: GraphBuilder; loss: string } {
  const graph = new GraphBuilder(bindInputs(model, feeds));
  return { graph, loss: loss(graph, feeds, device) };
}

/** The graph of one update for batches of one shape; without `parameters`, what is trained is found. */
export async function compileStep(
  ort: Ort,
  recipe: Recipe,
  feeds: Shapes,
  parameters?: readonly string[],
): Promise<CompiledStep> {
  const forward = withLoss(recipe, feeds);
  forward.graph.outputs.length = 0;
  let shapes = await inferShapes(ort, forward.graph.model());
  if (lowerNodes(forward.graph, shapes, standardLowerings, parameters ?? selectedParameters(recipe)))
    shapes = await inferShapes(ort, forward.graph.model());
  const trained = parameters ?? trainedParameters(recipe, forward.graph, shapes, forward.loss);
  const backward = { ...forward, gradients: gradients(forward.graph, shapes, forward.loss, trained, recipe.rules) };
  const { optimizer, groups, scheduled, clip, accumulate } = recipe;
  const {
    graph,
    loss,
    gradients: found,
    inputs,
  } = accumulate === 1
    ? { ...backward, inputs: feedInputs(backward.graph, feeds) }
    : accumulated(recipe.model, backward, feeds);
  const options = { graph, loss, gradients: found, optimizer, groups, scheduled };
  return { ...trainingStep(clip === undefined ? options : { ...options, clip }), feeds, inputs };
}

/** What the graph reads of a batch; the rest of it is not passed. */
export const feedInputs = (graph: GraphBuilder, feeds: Shapes): ReadonlyMap<string, ValueInfo> =>
  new Map(graph.inputs.flatMap(({ name }) => (feeds.has(name) ? [[name, { name, ...feeds.get(name)! }]] : [])));

/** A training step with what it reads of a batch. */
export interface CompiledStep extends TrainingStep {
  /** Types and shapes in a batch. */
  readonly feeds: Shapes;
  /** The input of the graph for each of them; with accumulation it has an axis of micro-batches in front. */
  readonly inputs: ReadonlyMap<string, ValueInfo>;
}

/** The initializers that `trainable` selects; without it, what the graph tells to be parameters. */
const selectedParameters = ({ model, trainable }: Recipe): readonly string[] =>
  trainable === undefined
    ? parameterNames(model.graph)
    : [...model.graph.initializers].flatMap(([name, { type }]) =>
        type === 'float32' && selects(trainable, name) ? [name] : [],
      );

/** Those of them that the loss depends on. */
function trainedParameters(recipe: Recipe, graph: GraphBuilder, shapes: Shapes, loss: string): string[] {
  const { model, trainable, rules } = recipe;
  const selected = selectedParameters(recipe);
  const reached = reachable(graph, shapes, loss, selected, rules);
  if (reached.length === 0) {
    const found =
      selected.length === 0
        ? 'it selects no float32 initializer'
        : `the loss depends on none of ${selected.join(', ')}`;
    throw new TrainerError(
      'argument',
      'trainable',
      `nothing is trained: ${found}; the model has ${[...model.graph.initializers.keys()].join(', ') || 'none'}`,
    );
  }
  const lost = Array.isArray(trainable) ? trainable.find((name) => !reached.includes(name as string)) : undefined;
  if (lost !== undefined)
    throw new TrainerError(
      'argument',
      'trainable',
      `"${String(lost)}" is no float32 initializer that the loss depends on`,
    );
  return reached;
}

/** The graph with trained parameters as inputs in place of initializers, for running it forward. */
export function asForward(graph: GraphBuilder, parameters: readonly string[], outputs: readonly string[]): Model {
  for (const name of parameters) {
    const { type, dims } = graph.initializers.get(name) as { type: 'float32'; dims: readonly number[] };
    graph.initializers.delete(name);
    graph.inputs.push({ name, type, dims });
  }
  graph.outputs.splice(0, graph.outputs.length, ...outputs.map((name) => ({ name })));
  return graph.model();
}
