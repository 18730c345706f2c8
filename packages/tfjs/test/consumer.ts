/**
 * A program of somebody who has installed the package: uses everything that it exports, and compares the updates of
 * every optimizer class under a plan with those of a rate set by hand. Compiled and run against the oldest and the newest
 * TensorFlow.js by the check of the published package; throws where something is wrong.
 */
// oxlint-disable no-restricted-imports -- the package by its name, as others import it
import { constant, cosineDecay } from '@anneal/core';
import {
  bindOptimizer,
  type Binding,
  type BindingState,
  type BindOptions,
  type Gradients,
  type NamedGradient,
  type Next,
  type OptimizerLike,
  type TensorLike,
  type Update,
  type UpdateHook,
} from '@anneal/tfjs';
import {
  bestWeights,
  callbackList,
  learningRateCallback,
  reduceLROnPlateau,
  stepsPerEpoch,
  totalSteps,
  type AnyCallback,
  type BestWeights,
  type BestWeightsOptions,
  type ClosureCallback,
  type FitDatasetLength,
  type FitLength,
  type LearningRateCallback,
  type LearningRateCallbackOptions,
  type Logs,
  type PlateauCallback,
  type ReduceLROnPlateauOptions,
  type Warn,
  type YieldEvery,
} from '@anneal/tfjs/layers';
import {
  accumulateGradients,
  clipByGlobalNorm,
  clipByValue,
  decoupledWeightDecay,
  GroupedOptimizer,
  parameterGroups,
  recalibrateBatchNorm,
  weightAverage,
  type AccumulateOptions,
  type GradientAccumulation,
  type GroupMatch,
  type NormalizedModel,
  type ParameterGroupsOptions,
  type VariableInfo,
  type WeightAverage,
  type WeightAverageOptions,
  type WeightDecayOptions,
} from '@anneal/tfjs/ops';
import {
  appliedValues,
  loadTraining,
  saveTraining,
  snapshotTraining,
  trainingFromBytes,
  trainingToBytes,
  type AppliedGroup,
  type AppliedValues,
  type ModelLike,
  type Resumable,
  type Training,
  type TrainingSnapshot,
  type VariableLike,
} from '@anneal/tfjs/training';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`tfjs ${tf.version_core}: ${what}`);
}

await tf.setBackend('cpu');

// Every class takes the plan's rate: binary fractions, so that the optimizer made with the rate has the same bits.
const classes: Readonly<Record<string, (rate: number) => tf.Optimizer>> = {
  SGD: (rate) => tf.train.sgd(rate),
  Momentum: (rate) => tf.train.momentum(rate, 0.9),
  Nesterov: (rate) => tf.train.momentum(rate, 0.9, true),
  Adagrad: (rate) => tf.train.adagrad(rate),
  Adadelta: (rate) => tf.train.adadelta(rate),
  Adam: (rate) => tf.train.adam(rate, 0.9, 0.999, 1e-7),
  Adamax: (rate) => tf.train.adamax(rate),
  RMSProp: (rate) => tf.train.rmsprop(rate, 0.9, 0.5),
};
function walk(optimizer: tf.Optimizer, updates: number): number[] {
  const variable = tf.variable(tf.tensor1d([0.5, -1, 1.5]));
  for (let t = 0; t < updates; t++) {
    const tensor = tf.tensor1d([Math.sin(t), 0.1, -1]);
    optimizer.applyGradients([{ name: variable.name, tensor }]);
    tensor.dispose();
  }
  return [...variable.dataSync()];
}
for (const [name, make] of Object.entries(classes)) {
  const bound = make(1);
  bindOptimizer(bound, 0.125);
  demand(
    String(walk(bound, 5)) === String(walk(make(0.125), 5)),
    `${name} under a plan differs from a rate set by hand`,
  );
  const slowing = make(1);
  const binding = bindOptimizer(slowing, (step) => 2 ** -step);
  walk(slowing, 3);
  demand(binding.step === 3 && binding.learningRate === 0.25, `${name} does not hold the plan's rate`);
}

// One update of Adam is −rate·g/(|g| + ε), and of SGD −rate·g, whatever came before the plan.
const adam = tf.train.adam(1, 0.9, 0.999, 1e-7);
bindOptimizer(adam, { learningRate: 0.25, beta1: 0.5 });
const [adamAt] = walk(adam, 2);
// g is 0, then sin 1; m̂ = 0.5·g/(1 − 0.25), v̂ = 0.001·g²/(1 − 0.999²). Roundings of float32: a few 1e-7, in 1 − 0.999² 3e-5.
const expected = 0.5 - (0.25 * (0.5 / 0.75)) / Math.sqrt(0.001 / (1 - 0.999 ** 2));
demand(Math.abs(adamAt! - expected) < 1e-5, `Adam went to ${adamAt} instead of ${expected}`);
const momentum = tf.train.momentum(1, 0.9);
bindOptimizer(momentum, { learningRate: 0.5, momentum: 0.5 });
// 0.5·(0.1 + (0.1 + 0.5·0.1)), up to float32.
demand(Math.abs(walk(momentum, 2)[1]! - (-1 - 0.5 * 0.25)) < 1e-6, 'a momentum track has no effect');

// Everything else, as far as it can be called.
const dense = (units: number, name: string) => layers.layers.dense({ units, inputShape: [2], name });
const model: layers.Sequential & ModelLike & NormalizedModel = layers.sequential({
  layers: [dense(2, 'body'), layers.layers.batchNormalization(), dense(1, 'head')],
});
const match: GroupMatch = /^head/;
const groups: ParameterGroupsOptions = { optimizer: () => tf.train.adam(1), groups: { head: match } };
const optimizer: GroupedOptimizer = parameterGroups(groups);
demand(optimizer instanceof GroupedOptimizer, 'parameterGroups makes something else');
const decay: WeightDecayOptions = { mask: ({ shape }: VariableInfo) => shape.length > 1 };
const averaging: WeightAverageOptions = { decay: 0.9 };
const average: WeightAverage = weightAverage(averaging);
const seen: Update[] = [];
const watch: UpdateHook = {
  name: 'watch',
  update(gradients: readonly NamedGradient[], update: Update, next: Next): void {
    const first: TensorLike | null | undefined = gradients[0]?.tensor;
    if (first && next(gradients)) seen.push(update);
  },
};
const leftover: AccumulateOptions = { leftover: 'drop' };
const accumulation: GradientAccumulation = accumulateGradients(1, leftover);
const hooks = [average, accumulation, clipByValue(1), clipByGlobalNorm(1), decoupledWeightDecay(decay), watch];
const options: BindOptions = { hooks };
model.compile({ optimizer, loss: 'meanSquaredError' });
const plan = { learningRate: cosineDecay({ initValue: 0.1, decaySteps: 8 }), weightDecay: constant({ value: 0.1 }) };
const binding: Binding = bindOptimizer(optimizer, plan, options);

const length: FitLength = { samples: 8, epochs: 2, batchSize: 4 };
const dataset: FitDatasetLength = { batchesPerEpoch: 2, epochs: 2 };
demand(
  totalSteps(length) === 4 && totalSteps(dataset) === 4 && stepsPerEpoch(length) === 2,
  'the length of fit is wrong',
);
const yieldEvery: YieldEvery = 'epoch';
const warn: Warn = false;
const rateOptions: LearningRateCallbackOptions = { yieldEvery, warn };
const callback: ClosureCallback = learningRateCallback(binding, rateOptions);
const logged: Logs[] = [];
const plain: AnyCallback = { onEpochEnd: async (_: number, logs: Logs) => void logged.push(logs) };
const [xs, ys] = [tf.ones([8, 2]), tf.ones([8, 1])];
const { history } = await model.fit(xs, ys, {
  epochs: 2,
  batchSize: 4,
  callbacks: callbackList(callback, plain),
});
demand(history['lr']?.length === 2 && logged.length === 2 && seen.length === 4, 'the callbacks were not called');
recalibrateBatchNorm(model, [xs]);
const applied: AppliedValues = await appliedValues(binding);
const base: AppliedGroup = applied;
demand(base.learningRate === binding.learningRate && base.weightDecay === 0.1, 'what was applied is not the plan');

const cursor: Resumable = { state: () => 0, restore: () => undefined };
const training: Training = { weights: model, binding, parts: { cursor } };
const snapshot: TrainingSnapshot = snapshotTraining(training);
const variables: readonly VariableLike[] = model.weights.map((weight) => weight.read() as tf.Variable);
const bytes = await trainingToBytes(training);
demand(
  (await trainingToBytes({ ...training, weights: variables })).length === bytes.length,
  'variables are not the weights of their model',
);
trainingFromBytes(bytes, training);
let shelf: tf.io.ModelArtifacts | undefined;
const handler: tf.io.IOHandler = {
  save: async (artifacts) => {
    shelf = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  },
  load: async () => shelf!,
};
await saveTraining(handler, training);
await loadTraining(handler, training);
snapshot.restore();
snapshot.dispose();
const state: BindingState = binding.state();
demand(state.scheduler.step === 4 && binding.step === 4, 'the state is not that of the fourth step');

const plateauOptions: ReduceLROnPlateauOptions = { monitor: 'loss', patience: 1 };
const sgd: OptimizerLike = tf.train.sgd(0.1);
const plateau: PlateauCallback = reduceLROnPlateau(sgd, plateauOptions);
const none: Gradients = [];
plateau.binding.optimizer.applyGradients(none as never);
demand(plateau.binding.step === 1, 'the plateau does not drive');

// A plan of which nothing is known but its shares, with the best weights kept.
const other = layers.sequential({ layers: [dense(1, 'alone')] });
other.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
const keeping: BestWeightsOptions = { monitor: 'loss', patience: 3 };
const best: BestWeights = bestWeights(keeping);
const driven: LearningRateCallback = learningRateCallback(cosineDecay({ initValue: 0.125, decaySteps: '100%' }));
await other.fit(xs, ys, { epochs: 2, batchSize: 4, callbacks: [driven, best] });
demand(driven.binding?.step === 4 && best.bestEpoch !== undefined, 'a plan alone does not drive fit');
binding.finish();
// oxlint-disable-next-line no-console -- what the check waits for
console.log(`passed with ${tf.version_core}`);
