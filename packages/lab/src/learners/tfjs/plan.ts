import {
  batchStatistics,
  checkRequirements,
  dropoutMasks,
  fillMask,
  int64,
  labelRanges,
  lowerNodes,
  sizeOf,
  standardLowerings,
  type DropoutMask,
  type GraphBuilder,
  type GraphNode,
  type LabelRange,
  type LossRequirement,
  type RunningStatistic,
  type Shapes,
  type Tensor as Constant,
  type ValueShape,
} from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { LabError } from '../../labError.ts';
import { execute, naming, operatorFor } from './execute.ts';
import { describeNode, OperatorContext, type Operator, type Tfjs } from './operators/operator.ts';
import { dimsOf, hostValue, isFloat, isHost, type HostValue, type Value } from './operators/value.ts';
import { uploadTo } from './upload.ts';

const lowered = new Map(standardLowerings.map((lowering) => [lowering.op, lowering]));

/** Parameters and running statistics by name, as tensors. */
export type Weights = ReadonlyMap<string, Tensor>;

/** What a graph is prepared for. */
export interface PlanOptions {
  readonly tf: Tfjs;
  /** Forward pass, and the loss where there is one. It is taken apart. */
  readonly graph: GraphBuilder;
  readonly feeds: Shapes;
  readonly outputs: readonly string[];
  /** Parameters that are to be trained, running statistics that have values of their own. */
  readonly weights: Weights;
  /** Left out in prediction. */
  readonly training?: {
    readonly candidates: readonly string[];
    readonly dropouts: Parameters<typeof dropoutMasks>[1];
    readonly batchNormalization: 'batch' | 'stored';
    readonly seed: number;
  };
}

/** The update and the batch in it that dropout masks are drawn for. */
export interface Place {
  readonly step: number;
  readonly batch: number;
}

/** A node that runs with every batch. */
export interface Step {
  readonly node: GraphNode;
  readonly operator: Operator;
  readonly kept: Map<string, unknown>;
}

/** A graph prepared for batches of one shape. */
export interface Plan {
  /** The candidates that the loss depends on through operators with a gradient. */
  readonly trained: readonly string[];
  readonly statistics: readonly RunningStatistic[];
  /** What a batch has to hold class numbers in. */
  readonly labels: readonly LabelRange[];
  readonly steps: readonly Step[];
  /** Values by name: the outputs, and the next value of each statistic. */
  run(weights: Weights, feeds: ReadonlyMap<string, HostValue>, place?: Place): ReadonlyMap<string, Value>;
  /** The results of one step, with values by name. */
  runOne(step: Step, values: ReadonlyMap<string, Value>): readonly Value[];
  dispose(): void;
}

/**
 * Runs a graph once on zeros: what follows from shapes and constants alone is computed for good, operators that are others in disguise are
 * lowered with the shapes that were found, and what cannot be run is refused by name.
 */
export function preparePlan(options: PlanOptions): Plan {
  const { tf, graph, feeds, training } = options;
  const constants = new Map<string, HostValue>();
  const uploads = uploadTo(tf);
  const steps: Step[] = [];
  const statistics: RunningStatistic[] = [];
  const masks: DropoutMask[] = [];
  const labels: LabelRange[] = [];
  const reached = new Set(training?.candidates);
  const ways: { readonly from: readonly string[]; readonly to: readonly string[] }[] = [];
  const fixed = new Map<string, Value>();
  const producers = new Map<string, GraphNode>();

  const constant = (name: string, node: GraphNode): HostValue => {
    const known = constants.get(name);
    if (known !== undefined) return known;
    const tensor = graph.initializers.get(name);
    const value = tensor && hostValue(tensor, true);
    if (value === undefined)
      throw new LabError(
        'unsupported',
        `tfjs: the operator ${describeNode(node)} reads "${name}"${tensor === undefined ? ', which nothing gives' : ` of ${tensor.type}, which TensorFlow.js does not have`}`,
      );
    constants.set(name, value);
    return value;
  };

  /** The values of one run, the first among them. */
  class Run {
    readonly env: Map<string, Value>;
    readonly #once = new Map<HostValue, Tensor>();

    constructor(weights: Weights, batch: ReadonlyMap<string, HostValue>) {
      this.env = new Map(fixed);
      for (const [name, value] of batch) this.env.set(name, value);
      for (const [name, tensor] of weights) this.env.set(name, { type: 'float32', tensor });
    }

    value(name: string, node: GraphNode): Value {
      return this.env.get(name) ?? constant(name, node);
    }

    step({ node, operator, kept }: Step): readonly Value[] {
      const values = node.inputs.map((name) => (name === '' ? undefined : this.value(name, node)));
      const context = new OperatorContext(node, values, {
        tf,
        kept,
        needs: (input) => reached.has(node.inputs[input] ?? ''),
        producer: (value) => producers.get(value),
        upload: (value, refuse) => (value.fixed ? uploads.keep(value, refuse) : this.#upload(value, refuse)),
      });
      const results = execute(context, operator, values);
      node.outputs.forEach((name, i) => {
        if (name !== '' && results[i] !== undefined) this.env.set(name, results[i]);
      });
      return results;
    }

    #upload(value: HostValue, refuse: (what: string) => never): Tensor {
      const known = this.#once.get(value);
      if (known !== undefined) return known;
      const tensor = uploads.once(value, refuse);
      this.#once.set(value, tensor);
      return tensor;
    }
  }

  const zeros = new Map([...feeds].map(([name, shape]) => [name, zeroFeed(shape)]));
  const sequences: GraphNode[] = [];
  const pending = neededNodes(graph, options.outputs);
  const first = new Run(options.weights, zeros);
  const mask = (): ReadonlyMap<string, HostValue> => maskValues(masks, training?.seed ?? 0, { step: 0, batch: 0 });

  const shapesAround = (node: GraphNode): Shapes => {
    const shapes = new Map<string, ValueShape>();
    for (const { inputs } of [...sequences, node])
      for (const name of inputs) {
        const value =
          name === '' || sequences.some(({ outputs }) => outputs.includes(name)) ? undefined : first.value(name, node);
        if (value !== undefined) shapes.set(name, { type: value.type, dims: dimsOf(value) });
      }
    return shapes;
  };
  /** What a mask is multiplied with ends in an `Identity` of the same name: no second mask. */
  const isDropout = (node: GraphNode): boolean =>
    training?.dropouts.has(node.outputs[0] as string) === true &&
    !masks.some(({ index }) => index === training.dropouts.get(node.outputs[0] as string)?.index);
  /** The nodes in place of one; undefined where it stays. */
  const lower = (node: GraphNode): readonly GraphNode[] | undefined => {
    const special =
      training !== undefined && node.op === 'BatchNormalization' && training.batchNormalization === 'batch'
        ? batchStatistics(graph, statistics)
        : training !== undefined && node.op === 'Identity' && isDropout(node)
          ? dropoutMasks(graph, training.dropouts, masks)
          : lowered.get(node.op);
    if (special === undefined || node.domain !== '') return undefined;
    // What follows from constants is one to a lowering.
    for (const name of node.inputs) {
      const value = fixed.get(name);
      if (value !== undefined && isHost(value) && !graph.initializers.has(name))
        graph.initializers.set(name, asConstant(value));
    }
    graph.nodes.splice(0, graph.nodes.length, ...sequences, node);
    const trained = special.op === 'BatchNormalization' ? new Set(reached) : undefined;
    const changed = lowerNodes(graph, shapesAround(node), [special], trained);
    const found = graph.nodes.splice(0).slice(sequences.length);
    return changed ? found : undefined;
  };

  /** Shapes that do not fit are told before an operator meets them. */
  const checkShapes = (): void => {
    const known = ({ value, target }: LossRequirement): boolean => first.env.has(value) && first.env.has(target);
    const now = graph.requirements.filter(known);
    if (now.length === 0) return;
    const shape = (name: string): [string, ValueShape] => {
      const value = first.env.get(name) as Value;
      return [name, { type: value.type, dims: dimsOf(value) }];
    };
    const shapes = new Map(now.flatMap(({ value, target }) => [shape(value), shape(target)]));
    checkRequirements(now, shapes);
    labels.push(...labelRanges(now, shapes));
    graph.requirements.splice(0, graph.requirements.length, ...graph.requirements.filter((one) => !known(one)));
  };

  tf.tidy(() => {
    while (pending.length > 0) {
      const node = pending.shift() as GraphNode;
      const parts = lower(node);
      if (parts !== undefined) {
        pending.unshift(...parts);
        for (const [name, value] of mask()) if (!first.env.has(name)) first.env.set(name, value);
        // A running statistic changes from batch to batch: nothing is folded over it.
        for (const { name, initial } of statistics)
          if (!first.env.has(name))
            first.env.set(name, {
              type: 'float32',
              tensor: tf.tensor(initial.data as Float32Array, [...initial.dims]),
            });
        continue;
      }
      if (node.op === 'SplitToSequence' && node.domain === '') {
        sequences.push(node);
        continue;
      }
      checkShapes();
      for (const name of node.outputs) producers.set(name, node);
      const operator = operatorFor(node);
      const step: Step = { node, operator, kept: new Map() };
      const results = naming(tf, node, () => first.step(step));
      if (results.every((value) => isHost(value) && value.fixed)) {
        node.outputs.forEach((name, i) => name !== '' && results[i] && fixed.set(name, results[i]));
        continue;
      }
      steps.push(step);
      const from = node.inputs.filter((name, i) => reached.has(name) && (operator.inputs?.includes(i) ?? true));
      const to = node.outputs.filter((name, i) => name !== '' && results[i] !== undefined && isFloat(results[i].type));
      if (from.length > 0 && to.length > 0) {
        ways.push({ from, to });
        for (const name of to) reached.add(name);
      }
    }
  });

  const wanted = new Set(options.outputs);
  for (const { from, to } of ways.toReversed())
    if (to.some((name) => wanted.has(name))) for (const name of from) wanted.add(name);
  return {
    labels,
    trained: training?.candidates.filter((name) => wanted.has(name)) ?? [],
    statistics,
    steps,
    run(weights, batch, place = { step: 0, batch: 0 }) {
      const run = new Run(weights, batch);
      for (const [name, value] of maskValues(masks, training?.seed ?? 0, place)) run.env.set(name, value);
      for (const step of steps) run.step(step);
      for (const name of options.outputs)
        if (!run.env.has(name)) run.env.set(name, constant(name, steps[0]?.node as GraphNode));
      return run.env;
    },
    runOne(step, values) {
      const run = new Run(new Map(), new Map());
      for (const [name, value] of values) run.env.set(name, value);
      return run.step(step);
    },
    dispose: () => uploads.dispose(),
  };
}

/** The nodes that some values are computed by, in their order. */
function neededNodes({ nodes }: GraphBuilder, outputs: readonly string[]): GraphNode[] {
  const needed = new Set(outputs);
  const kept = nodes.toReversed().filter((node) => {
    const isNeeded = node.outputs.some((name) => needed.has(name));
    if (isNeeded) for (const name of node.inputs) needed.add(name);
    return isNeeded;
  });
  return kept.toReversed();
}

/** A value of the host as files hold it. */
const asConstant = ({ type, dims, data }: HostValue): Constant =>
  type === 'int64'
    ? int64(dims, Array.from(data))
    : {
        type,
        dims,
        data: type === 'float32' ? Float32Array.from(data) : type === 'bool' ? Uint8Array.from(data) : data,
      };

/** Zeros, wrapped as a batch is. */
export function zeroFeed({ type, dims }: ValueShape): HostValue {
  const length = sizeOf(dims);
  return { type, dims, data: type === 'float32' ? new Float32Array(length) : new Float64Array(length), fixed: false };
}

/** The masks of one batch, as the trainer of @anneal/onnxruntime-web draws them. */
const maskValues = (
  masks: readonly DropoutMask[],
  seed: number,
  { step, batch }: Place,
): ReadonlyMap<string, HostValue> =>
  new Map(
    masks.map(({ input, index, ratio, dims }) => {
      const data = new Float32Array(sizeOf(dims));
      fillMask(data, ratio, [seed, index, step, batch]);
      return [input, { type: 'float32', dims, data, fixed: false }];
    }),
  );

/** The initial values of parameters. */
export const constantsOf = (
  initializers: ReadonlyMap<string, Constant>,
  names: readonly string[],
): ReadonlyMap<string, Constant> => new Map(names.map((name) => [name, initializers.get(name) as Constant]));
