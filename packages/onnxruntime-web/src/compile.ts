import {
  batchStatistics,
  checkRequirements,
  dropoutMasks,
  GraphBuilder,
  gradients,
  labelRanges,
  initializerRoles,
  isOtherFloat,
  lowerNodes,
  parameterNames,
  reachable,
  selects,
  standardLowerings,
  trainingStep,
  type Clipping,
  type Cohort,
  type Dropout,
  type DropoutMask,
  type GradientRule,
  type LabelRange,
  type Loss,
  type Model,
  type Optimizer,
  type ParameterSelector,
  type RunningStatistic,
  type ScheduledHyperparameter,
  type Shapes,
  type TrainingStep,
} from '@anneal/onnx';
import { accumulated, type Backward, type FeedInput } from './accumulated.ts';
import type { Averaging } from './averages.ts';
import { bindInputs } from './batch.ts';
import { inferShapes } from './inferShapes.ts';
import { bytesOfValues } from './memory.ts';
import type { Ort } from './ort.ts';
import { TrainerError } from './trainerError.ts';

/** What a training graph is made from, whatever the shape of its batches. */
export interface Recipe {
  /** The model as it was given. */
  readonly original: Model;
  /** The same in the operator set that the gradient rules speak, and without its dropouts. */
  readonly model: Model;
  /** By the names of their outputs. */
  readonly dropouts: ReadonlyMap<string, Dropout>;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly groups: Readonly<Record<string, ParameterSelector>>;
  readonly rules: readonly GradientRule[];
  readonly clip?: Clipping | undefined;
  readonly device: 'cpu' | 'webgpu';
  /** Batches whose mean gradient makes one update. */
  readonly accumulate: number;
  /** Which statistics trained batch normalisation uses. */
  readonly batchNormalization: 'batch' | 'stored';
  /** Without it no averages of the weights are kept. */
  readonly average?: Averaging | undefined;
  /** Dropout masks are drawn from it. */
  readonly seed: number;
  readonly scheduled: (group: string | undefined) => readonly ScheduledHyperparameter[];
  /** Values that are constants to the loss. */
  readonly stopGradient: readonly string[];
  /** Rows of parameters that are not trained. */
  readonly frozenRows: Readonly<Record<string, readonly number[]>>;
  /** The choice that the trainer was made with. */
  readonly trainable?: ParameterSelector | undefined;
}

/** Forward pass and loss for batches of one shape. The outputs are the model's; the loss is none of them yet. */
export function withLoss({ model, loss, device }: Recipe, feeds: Shapes): { graph: GraphBuilder; loss: string } {
  const graph = new GraphBuilder(bindInputs(model, feeds));
  return { graph, loss: loss(graph, feeds, device) };
}

/** Why a runtime refuses the graph of a loss: shapes that do not fit are told by a sentence, anything else is thrown on. */
export async function explained(ort: Ort, recipe: Recipe, feeds: Shapes, error: unknown): Promise<never> {
  const { requirements } = withLoss(recipe, feeds).graph;
  const alone = new GraphBuilder(bindInputs(recipe.model, feeds));
  const shapes = await inferShapes(ort, alone.model());
  checkRequirements(requirements, new Map([...feeds, ...shapes]));
  throw error;
}

/** A choice of parameters that are to be trained from some update on. */
export interface Joining {
  /** Without one, what the graph tells to be parameters. */
  readonly selector: ParameterSelector | undefined;
  /** What the choice is called in errors. */
  readonly option: 'trainable' | 'unfreeze';
  /** Updates made before. */
  readonly since: number;
}

/** A training step with what it reads besides its state. */
export interface CompiledStep extends TrainingStep {
  readonly cohorts: readonly Cohort[];
  /** Types and shapes in a batch. */
  readonly feeds: Shapes;
  /** The input of the graph for each thing that it reads of a batch, and for each mask; the rest of a batch is not passed. */
  readonly inputs: ReadonlyMap<string, FeedInput>;
  readonly masks: readonly DropoutMask[];
  /** The inputs that hold class numbers. */
  readonly labels: readonly LabelRange[];
  /** Bytes that the values of the forward pass and the loss take. */
  readonly bytes: number;
}

/**
 * The graph of one update for batches of one shape. What is trained are the cohorts there are, and one more where a choice joins.
 *
 * @throws TrainerError `argument` when a choice joins that selects nothing new which the loss depends on.
 */
export async function compileStep(
  ort: Ort,
  recipe: Recipe,
  feeds: Shapes,
  before: readonly Cohort[],
  joining?: Joining,
): Promise<CompiledStep> {
  const { model, rules, accumulate, clip, average, optimizer, groups, scheduled, stopGradient, frozenRows } = recipe;
  const forward = withLoss(recipe, feeds);
  forward.graph.outputs.length = 0;
  let shapes = await inferShapes(ort, forward.graph.model()).catch((error: unknown) =>
    explained(ort, recipe, feeds, error),
  );
  checkRequirements(forward.graph.requirements, shapes);
  const labels = labelRanges(forward.graph.requirements, shapes);
  const known = new Set(before.flatMap(({ parameters }) => parameters));
  const selected =
    joining === undefined ? [] : selectedParameters(model, joining.selector).filter((name) => !known.has(name));
  const masks: DropoutMask[] = [];
  const statistics: RunningStatistic[] = [];
  const lowerings = [...standardLowerings, dropoutMasks(forward.graph, recipe.dropouts, masks)];
  if (recipe.batchNormalization === 'batch') lowerings.push(batchStatistics(forward.graph, statistics));
  if (lowerNodes(forward.graph, shapes, lowerings, [...known, ...selected]))
    shapes = await inferShapes(ort, forward.graph.model());

  const bytes = bytesOfValues(forward.graph, shapes);
  const cohorts = [...before];
  if (joining !== undefined) {
    const parameters = reachable(forward.graph, shapes, forward.loss, selected, rules, stopGradient);
    checkJoined(recipe, joining, selected, [...known, ...parameters]);
    cohorts.push({ since: joining.since, parameters });
  }
  const trained = cohorts.flatMap(({ parameters }) => parameters);
  // Selected, but not on the way to the loss: such a layer is frozen, as it is for batches of other shapes.
  if (joining !== undefined && statistics.some(({ layer }) => !layer.some((name) => trained.includes(name))))
    return compileStep(ort, recipe, feeds, cohorts);
  const found = gradients(forward.graph, shapes, forward.loss, trained, rules, stopGradient);
  // One number may have axes; each step gives one without.
  const loss = shapes.get(forward.loss)?.dims.length === 0 ? forward.loss : forward.graph.op('Squeeze', [forward.loss]);
  const backward: Backward = { graph: forward.graph, loss, gradients: found, statistics };
  const read = new Map([...feeds, ...masks.map(({ input, dims }) => [input, { type: 'float32', dims }] as const)]);
  const { inputs, ...whole } =
    accumulate === 1 ? { ...backward, inputs: feedInputs(forward.graph, read) } : accumulated(model, backward, read);
  const untrained = parameterNames(model.graph);
  const kept = { untrained, average: average !== undefined, frozenRows };
  const options = { ...whole, optimizer, groups, scheduled, cohorts, ...kept };
  return {
    ...trainingStep(clip === undefined ? options : { ...options, clip }),
    cohorts,
    feeds,
    inputs,
    masks,
    labels,
    bytes,
  };
}

const feedInputs = (graph: GraphBuilder, feeds: Shapes): ReadonlyMap<string, FeedInput> =>
  new Map(graph.inputs.flatMap(({ name }) => (feeds.has(name) ? [[name, { name, ...feeds.get(name)! }]] : [])));

/** The initializers that a choice selects. */
const selectedParameters = ({ graph }: Model, selector: ParameterSelector | undefined): readonly string[] =>
  selector === undefined
    ? parameterNames(graph)
    : [...graph.initializers].flatMap(([name, { type }]) =>
        type === 'float32' && selects(selector, name) ? [name] : [],
      );

function checkJoined(
  { model }: Recipe,
  { selector, option }: Joining,
  selected: readonly string[],
  trained: readonly string[],
): void {
  const fail = (message: string): never => {
    throw new TrainerError('argument', option, message);
  };
  const lost = Array.isArray(selector) ? selector.find((name) => !trained.includes(name as string)) : undefined;
  const type = lost === undefined ? undefined : model.graph.initializers.get(lost as string)?.type;
  if (isOtherFloat(type)) fail(`"${String(lost)}" is ${type}, and it is trained in float32: pass toFloat32(model)`);
  if (lost !== undefined) fail(`"${String(lost)}" is no float32 initializer that the loss depends on`);
  if (selected.some((name) => trained.includes(name))) return;
  const found =
    selected.length === 0
      ? `${selector === undefined ? 'by default it' : 'it'} selects no float32 initializer${option === 'unfreeze' ? ' that is not trained already' : ''}`
      : `the loss depends on none of ${selected.join(', ')}`;
  const roles = initializerRoles(model.graph);
  const held = roles.map(({ name, trained: is, reason }) => (is ? name : `${name} (${reason})`));
  const shown = held.length > 8 ? [...held.slice(0, 8), '…'] : held;
  fail(`nothing is trained by it: ${found}; the model has ${shown.join(', ') || 'no float32 initializer'}`);
}

/** The graph with what is trained as inputs in place of initializers, for running it forward. */
export function asForward(graph: GraphBuilder, parameters: readonly string[], outputs: readonly string[]): Model {
  for (const name of parameters) {
    const { type, dims } = graph.initializers.get(name) as { type: 'float32'; dims: readonly number[] };
    graph.initializers.delete(name);
    graph.inputs.push({ name, type, dims });
  }
  graph.outputs.splice(0, graph.outputs.length, ...outputs.map((name) => ({ name })));
  return graph.model();
}
