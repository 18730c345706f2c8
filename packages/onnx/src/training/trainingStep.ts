import { add, mul, sub, where } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { float32, sizeOf, type Tensor } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';
import {
  selects,
  type Optimizer,
  type ParameterSelector,
  type ScheduledHyperparameter,
} from '../optimizers/optimizer.ts';
import { clipGradients, type Clipping } from './clipping.ts';
import type { RunningStatistic } from './batchStatistics.ts';
import { frozenRows } from './frozenRows.ts';
import { parameterGroups } from './parameterGroups.ts';
import type { StateVariable } from './stateVariable.ts';

/** An input of one float32 scalar: a hyperparameter of a group (of the base tracks without one), or 1 − it. */
export interface HyperparameterInput {
  readonly input: string;
  readonly group: string | undefined;
  readonly name: ScheduledHyperparameter;
  readonly complement: boolean;
}

/** An input of one float32 scalar: the share c by which the averages of a cohort move towards its weights, a ← a + c·(w − a). */
export interface AverageInput {
  readonly input: string;
  /** Of the cohort. */
  readonly since: number;
}

/** Parameters that began to be trained together. */
export interface Cohort {
  /** Updates made before their first one. */
  readonly since: number;
  readonly parameters: readonly string[];
}

/** A graph that makes one update, and the meaning of its inputs and outputs. */
export interface TrainingStep {
  readonly graph: GraphBuilder;
  readonly loss: string;
  readonly state: readonly StateVariable[];
  readonly hyperparameters: readonly HyperparameterInput[];
  /** One for each cohort where averages are kept. */
  readonly averages: readonly AverageInput[];
  /** Outputs that repeat the learning rate the update used, of each group. */
  readonly rates: readonly { readonly group: string | undefined; readonly output: string }[];
}

export interface TrainingStepOptions {
  /** Forward pass, loss and gradients. Trained initializers become inputs of it; the update is added to it. */
  readonly graph: GraphBuilder;
  readonly loss: string;
  /** The gradient of each trained parameter. */
  readonly gradients: ReadonlyMap<string, string>;
  readonly optimizer: Optimizer;
  /** Which parameters belong to which group; overrides the optimizer's. */
  readonly groups?: Readonly<Record<string, ParameterSelector>>;
  /** The hyperparameters that are scheduled, of a group or of the base tracks. */
  readonly scheduled: (group: string | undefined) => readonly ScheduledHyperparameter[];
  readonly clip?: Clipping;
  /** Parameters by when they joined; each cohort has bias corrections of its own, as each parameter of PyTorch. By default all are one. */
  readonly cohorts?: readonly Cohort[];
  /** Parameters that may join later: a group may wait for them. */
  readonly untrained?: readonly string[];
  /** Running statistics of batch normalisation. */
  readonly statistics?: Iterable<RunningStatistic>;
  /** Rows of parameters, along the first axis, that have no gradient and keep their values: the padding of an embedding. */
  readonly frozenRows?: Readonly<Record<string, readonly number[]>>;
  /** Whether averages of the parameters are kept, zero before the first. */
  readonly average?: boolean;
}

/**
 * Adds the optimizer to a graph with gradients: parameters, slots and hyperparameters become inputs, their next values outputs.
 *
 * @throws OnnxError `argument` for a scheduled hyperparameter that the optimizer lacks, a group without parameters, or frozen rows of no
 * parameter.
 */
export function trainingStep(options: TrainingStepOptions): TrainingStep {
  const { graph, loss, optimizer, scheduled, untrained = [], statistics = [] } = options;
  const frozen = frozenRows(graph, options.gradients.keys(), options.frozenRows ?? {});
  const free = new Map(
    [...options.gradients].map(([name, gradient]) => {
      const rows = frozen.get(name);
      return [name, rows === undefined ? gradient : where(graph, rows, 0, gradient)];
    }),
  );
  const gradients = options.clip === undefined ? free : clipGradients(graph, free, options.clip);
  const { cohorts = [{ since: 0, parameters: [...gradients.keys()] }] } = options;
  const sinceOf = new Map(cohorts.flatMap(({ since, parameters }) => parameters.map((name) => [name, since])));
  const groups = options.groups ?? optimizer.groups ?? {};
  const groupOf = parameterGroups(new Set([...gradients.keys(), ...untrained]), groups);
  const hyperparameters = new Map<string, HyperparameterInput>();
  const rates = new Map<string | undefined, string>();
  const corrections = new Map<string, string>();
  const averages = new Map<number, AverageInput>();
  const state: StateVariable[] = [];

  const hyper = (group: string | undefined, name: ScheduledHyperparameter, complement = false): string => {
    const input = `${complement ? '1-' : ''}${group === undefined ? '' : `${group}/`}${name}`;
    if (!hyperparameters.has(input)) {
      // A value of the model may have the plain name.
      const declared = graph.input(graph.unique(input), 'float32', []);
      hyperparameters.set(input, { input: declared, group, name, complement });
    }
    return (hyperparameters.get(input) as HyperparameterInput).input;
  };
  const slot = (name: string, dims: readonly number[]): string => graph.input(name, 'float32', dims);
  const keep = (kind: StateVariable['kind'], name: string, value: string, initial: Tensor): void => {
    // What a node computes is given out as it is: a copy under a name of its own costs as much as any other operation on it.
    const computed = graph.nodes.some(({ outputs }) => outputs.includes(value));
    const alone = computed && graph.outputs.every((output) => output.name !== value);
    state.push({ kind, name, next: graph.output(alone ? value : graph.unique(`${name}/next`), value), initial });
  };
  /** Tells a later cohort from the first, whose names stay plain. */
  const late = (since: number): string => (since === cohorts[0]?.since ? '' : `@${since}`);
  /** c ← c·β + (1 − β), from c = 0: 1 − ∏β without the cancellation of subtracting a product near 1. */
  const correction = (group: string | undefined, since: number, name: 'beta1' | 'beta2'): string => {
    const key = `optimizer/${name}_correction${group === undefined ? '' : `/${group}`}${late(since)}`;
    let value = corrections.get(key);
    if (value === undefined) {
      value = add(graph, mul(graph, slot(key, []), hyper(group, name)), hyper(group, name, true));
      keep('slot', key, value, float32([], [0]));
      corrections.set(key, value);
    }
    return value;
  };
  const average = (since: number): string => {
    const known = averages.get(since) ?? {
      input: graph.input(graph.unique(`average${late(since)}`), 'float32', []),
      since,
    };
    averages.set(since, known);
    return known.input;
  };

  for (const group of [undefined, ...Object.keys(groups)]) checkTracks(optimizer, group, scheduled(group));
  for (const group of new Set([undefined, ...[...gradients.keys()].map((name) => groupOf.get(name))])) {
    const output = graph.unique(`applied${group === undefined ? '' : `/${group}`}`);
    rates.set(group, graph.output(output, hyper(group, 'learningRate')));
  }
  for (const { name, next, initial } of statistics) keep('statistic', name, next, initial);
  for (const [parameter, gradient] of gradients) {
    const initial = graph.initializers.get(parameter);
    if (initial?.type !== 'float32')
      throw new OnnxError('argument', parameter, 'a trained parameter must be a float32 initializer of the model');
    graph.initializers.delete(parameter);
    graph.inputs.push({ name: parameter, type: 'float32', dims: initial.dims });
    const group = groupOf.get(parameter);
    const since = sinceOf.get(parameter) ?? 0;
    const decays =
      (scheduled(group).includes('weightDecay') || (optimizer.hyperparameters.weightDecay ?? 0) > 0) &&
      (optimizer.decay === undefined || selects(optimizer.decay, parameter));
    const decayed = decays
      ? mul(graph, parameter, sub(graph, 1, mul(graph, hyper(group, 'learningRate'), hyper(group, 'weightDecay'))))
      : parameter;
    const zero = float32(initial.dims, new Float32Array(sizeOf(initial.dims)));
    const slotName = (name: string): string => `optimizer/${name}/${parameter}`;
    for (const name of optimizer.slots) slot(slotName(name), initial.dims);
    const updated = optimizer.update({
      graph,
      parameter: decayed,
      gradient,
      slot: slotName,
      hyper: (name) => hyper(group, name),
      complement: (name) => hyper(group, name, true),
      correction: (name) => correction(group, since, name),
    });
    const rows = frozen.get(parameter);
    const next = rows === undefined ? updated.parameter : where(graph, rows, parameter, updated.parameter);
    keep('parameter', parameter, next, initial);
    if (options.average === true) {
      const mean = slot(`average/${parameter}`, initial.dims);
      const moved = mul(graph, sub(graph, next, mean), average(since));
      keep('average', mean, add(graph, mean, moved), zero);
    }
    for (const name of optimizer.slots) keep('slot', slotName(name), updated.slots[name] as string, zero);
  }
  return {
    graph,
    loss: graph.output(graph.unique('loss_value'), loss),
    state,
    hyperparameters: [...hyperparameters.values()],
    averages: [...averages.values()],
    rates: [...rates].map(([group, output]) => ({ group, output })),
  };
}

function checkTracks(
  optimizer: Optimizer,
  group: string | undefined,
  tracks: readonly ScheduledHyperparameter[],
): void {
  const lacking = tracks.find((name) => name !== 'learningRate' && optimizer.hyperparameters[name] === undefined);
  if (lacking === undefined) return;
  const known = ['learningRate', ...Object.keys(optimizer.hyperparameters)].join(', ');
  const where = group === undefined ? 'the plan' : `the group "${group}" of the plan`;
  throw new OnnxError(
    'argument',
    lacking,
    `${where} schedules a hyperparameter that ${optimizer.name} does not have; it has ${known}`,
  );
}
