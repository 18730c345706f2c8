import {
  checkModel,
  GraphBuilder,
  inferenceMode,
  ownStatistics,
  parameterNames,
  raiseOpset,
  selects,
  withoutDropout,
  type Loss,
  type Model,
  type ParameterSelector,
  type Shapes,
  type Tensor as Constant,
} from '@anneal/onnx';
import type { Rank, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/tensor.ts';
import { LabError } from '../../labError.ts';
import { naming } from './execute.ts';
import { checkLabels, dataOf, feedsOf, shapesOf, signatureOf } from './feeds.ts';
import { constantsOf, preparePlan, zeroFeed, type Place, type Plan, type Weights } from './plan.ts';
import type { Tfjs } from './operators/operator.ts';
import { isHost, type HostValue, type Value } from './operators/value.ts';

export interface ForwardOptions {
  /** Written once, on the graph: `softmaxCrossEntropy()` of @anneal/onnx. */
  readonly loss: Loss;
  /** A batch like those to come: forward pass and gradient are tried with its shapes at once. */
  readonly batch: Batch;
  /** Which initializers are trained; by default those that `parameterNames` of @anneal/onnx finds and the loss depends on. */
  readonly trainable?: ParameterSelector;
  /** What trained batch normalisation uses while training: the statistics of the batch, or those of the file. Default "batch". */
  readonly batchNormalization?: 'batch' | 'stored';
  /** What dropout masks are drawn from, as the trainer of @anneal/onnxruntime-web draws them. Default 0. */
  readonly seed?: number;
}

/** A forward ONNX graph on TensorFlow.js. */
export interface Forward {
  /** What is trained, and what follows the batches of a batch normalisation: initial values by name. */
  readonly parameters: ReadonlyMap<string, Constant>;
  readonly statistics: ReadonlyMap<string, Constant>;
  /**
   * The loss of a batch while training, which TensorFlow.js differentiates by `weights`, and the running statistics after it. Call it in a
   * tidy, or in what is minimised.
   *
   * @param weights every parameter and statistic by name
   * @param place the update, and the batch in it, that dropout is drawn for
   */
  loss(weights: Weights, batch: Batch, place?: Place): { readonly loss: Scalar; readonly statistics: Weights };
  /** The model's outputs by name, as it predicts. What else a batch holds is not read. */
  predict(weights: Weights, batch: Batch): Promise<Batch>;
  dispose(): void;
}

/**
 * Prepares a model for training on TensorFlow.js, whose backend has to be set: the graph is interpreted operator by operator, with the
 * lowerings of @anneal/onnx where an operator is made of others. Whole numbers stay on the host, where they are exact.
 *
 * Throws a {@link LabError} that names operator, node and device, and what to use instead, for whatever this backend cannot run or
 * differentiate: before training begins, since both are tried here.
 */
export function openForward(tf: Tfjs, model: Model, options: ForwardOptions): Forward {
  const { loss, trainable, batchNormalization = 'batch', seed = 0 } = options;
  checkModel(model);
  const { model: forward, dropouts } = withoutDropout(raiseOpset(ownStatistics(inferenceMode(model))));
  const { initializers } = forward.graph;
  const candidates =
    trainable === undefined
      ? parameterNames(forward.graph)
      : [...initializers].flatMap(([name, { type }]) => (type === 'float32' && selects(trainable, name) ? [name] : []));
  const training = { candidates, dropouts, batchNormalization, seed };
  const outputs = forward.graph.outputs.map(({ name }) => name);

  const trainingPlan = (feeds: Shapes, weights: Weights): TrainingPlan => {
    const graph = new GraphBuilder(forward);
    const name = loss(graph, feeds);
    const plan = preparePlan({ tf, graph, feeds, outputs: [name], weights, training });
    return { ...plan, loss: name };
  };

  // Once with the initial weights, which also tells what is trained.
  const feeds = feedsOf(options.batch, forward);
  const initial = constantsOf(initializers, candidates);
  const first = withWeights(tf, initial, (weights) => trainingPlan(shapesOf(feeds), weights));
  const { trained } = first;
  if (trained.length === 0) {
    first.dispose();
    throw new LabError(
      'invalid',
      `tfjs: the loss depends on none of the parameters ${candidates.join(', ') || '(there are none)'}`,
    );
  }
  const statistics = new Map(first.statistics.map(({ name, initial }) => [name, initial]));
  const parameters = constantsOf(initializers, trained);
  const others = constantsOf(
    initializers,
    candidates.filter((name) => !trained.includes(name)),
  );
  tryGradient(tf, first, parameters, new Map([...others, ...statistics]), shapesOf(feeds));

  const trainingPlans = new Map([[signatureOf(feeds), first]]);
  const predictionPlans = new Map<string, Plan>();
  const frozen = new Map(
    [...others].map(([name, { data, dims }]) => [name, tf.keep(tf.tensor(data as Float32Array, [...dims]))]),
  );

  return {
    parameters,
    statistics,
    loss(weights, batch, place) {
      const given = feedsOf(batch, forward);
      const key = signatureOf(given);
      const all = new Map([...frozen, ...weights]);
      const plan = trainingPlans.get(key) ?? remember(trainingPlans, key, trainingPlan(shapesOf(given), all));
      checkLabels(plan.labels, given);
      const values = plan.run(all, given, place);
      const next = plan.statistics.map((statistic) => [statistic.name, tensorAt(values, statistic.next)] as const);
      return { loss: tf.reshape<Rank.R0>(tensorAt(values, plan.loss), []), statistics: new Map(next) };
    },
    async predict(weights, batch) {
      const all = new Map([...frozen, ...weights]);
      const given = new Map(
        [...feedsOf(batch, forward)].filter(([name]) => forward.graph.inputs.some((input) => input.name === name)),
      );
      const key = signatureOf(given);
      const plan =
        predictionPlans.get(key) ??
        remember(
          predictionPlans,
          key,
          preparePlan({ tf, graph: new GraphBuilder(forward), feeds: shapesOf(given), outputs, weights: all }),
        );
      const results: (readonly [string, Value])[] = [];
      tf.tidy(() => {
        const values = plan.run(all, given);
        for (const name of outputs) {
          const value = values.get(name) as Value;
          // A parameter may be an output; what is disposed afterwards is a clone.
          results.push([name, isHost(value) ? value : { ...value, tensor: tf.keep(tf.clone(value.tensor)) }]);
        }
      });
      const read = results.map(async ([name, value]) => [name, await dataOf(value)] as const);
      return Object.fromEntries(await Promise.all(read));
    },
    dispose() {
      for (const plan of [...trainingPlans.values(), ...predictionPlans.values()]) plan.dispose();
      for (const tensor of frozen.values()) tensor.dispose();
    },
  };
}

interface TrainingPlan extends Plan {
  /** The name of its value. */
  readonly loss: string;
}

/** As many shapes of batches as are remembered: whole ones, a short last one, those of validation. */
const maxPlans = 8;

function remember<P extends { dispose(): void }>(plans: Map<string, P>, key: string, plan: P): P {
  if (plans.size >= maxPlans) {
    const [oldest, old] = plans.entries().next().value as [string, P];
    plans.delete(oldest);
    old.dispose();
  }
  plans.set(key, plan);
  return plan;
}

const tensorAt = (values: ReadonlyMap<string, Value>, name: string): Tensor => {
  const value = values.get(name);
  if (value === undefined || isHost(value))
    throw new LabError('invalid', `tfjs: the value "${name}" is not computed from floats; a loss has to be`);
  return value.tensor;
};

/** Runs something with tensors of constants, which are gone afterwards. */
function withWeights<T>(tf: Tfjs, constants: ReadonlyMap<string, Constant>, use: (weights: Weights) => T): T {
  const tensors = new Map(
    [...constants].map(([name, { data, dims }]) => [name, tf.tensor(data as Float32Array, [...dims])]),
  );
  try {
    return use(tensors);
  } finally {
    for (const tensor of tensors.values()) tensor.dispose();
  }
}

/** Differentiates the loss of zeros once; where that fails, each operator alone, to name the one that has no gradient here. */
function tryGradient(
  tf: Tfjs,
  plan: TrainingPlan,
  parameters: ReadonlyMap<string, Constant>,
  rest: ReadonlyMap<string, Constant>,
  shapes: Shapes,
): void {
  const feeds = new Map([...shapes].map(([name, { type, dims }]) => [name, zeroFeed({ type, dims })]));
  withWeights(tf, new Map([...parameters, ...rest]), (weights) => {
    const variables = [...parameters.keys()].map((name) => tf.variable(weights.get(name) as Tensor, true));
    const named = new Map<string, Tensor>([
      ...weights,
      ...[...parameters.keys()].map((name, i) => [name, variables[i] as Variable] as const),
    ]);
    try {
      tf.tidy(() => {
        tf.variableGrads(() => tf.reshape<Rank.R0>(tensorAt(plan.run(named, feeds), plan.loss), []), variables);
      });
    } catch (cause) {
      tf.tidy(() => nameCulprit(tf, plan, named, feeds));
      throw cause;
    } finally {
      for (const variable of variables) variable.dispose();
    }
  });
}

/** Throws for the first operator whose gradient by the floats that it reads cannot be taken. */
function nameCulprit(tf: Tfjs, plan: Plan, weights: Weights, feeds: ReadonlyMap<string, HostValue>): void {
  const env = plan.run(weights, feeds);
  for (const step of plan.steps) {
    const { node } = step;
    const floats = [...new Set(node.inputs)].flatMap((name) => {
      const value = env.get(name);
      return value === undefined || isHost(value) || value.type !== 'float32' ? [] : [[name, value.tensor] as const];
    });
    if (floats.length === 0) continue;
    const f = (...tensors: Tensor[]): Tensor => {
      const values = plan.runOne(
        step,
        new Map([
          ...env,
          ...floats.map(([name], i) => [name, { type: 'float32', tensor: tensors[i] as Tensor }] as const),
        ]),
      );
      const sums = values.flatMap((value) => (isHost(value) || value.type !== 'float32' ? [] : [tf.sum(value.tensor)]));
      return sums.length === 0 ? tf.sum(tensors[0] as Tensor) : tf.addN(sums);
    };
    naming(tf, node, () => tf.grads(f)(floats.map(([, tensor]) => tensor)), 'differentiated');
  }
}
