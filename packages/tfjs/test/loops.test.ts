import { cosineDecay, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, inject, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { learningRateCallback } from '../src/layers/index.ts';
import { clipByGlobalNorm, decoupledWeightDecay, weightAverage } from '../src/ops/index.ts';
import { useBackend } from './backend.ts';
import { numbersOf } from './numbers.ts';
import { epsilon } from './optimizers.ts';

/** The soak takes 10,000 of each. */
const steps = inject('soakSteps') ?? 100;

beforeAll(() => useBackend(inject('backend') ?? 'wasm'));

const plan: Plan = {
  learningRate: cosineDecay({ initValue: 0.01, decaySteps: 5000 }),
  beta1: (t) => 0.9 + 0.05 * Math.sin(t),
  weightDecay: 0.01,
};

interface Style {
  readonly model: layers.Sequential;
  readonly xs: tf.Tensor;
  readonly ys: tf.Tensor;
  readonly callbacks: layers.CustomCallback;
}

const styles: Readonly<Record<string, (style: Style, updates: number) => Promise<unknown>>> = {
  fit: ({ model, xs, ys, callbacks }, epochs) => model.fit(xs, ys, { epochs, batchSize: 4, callbacks }),
  fitDataset: ({ model, xs, ys, callbacks }, batchesPerEpoch) =>
    model.fitDataset(
      {
        size: null as never, // as tfjs's own generators have it
        iterator: async () => ({ next: async () => ({ done: false, value: { xs: tf.clone(xs), ys: tf.clone(ys) } }) }),
      },
      { epochs: 1, batchesPerEpoch, callbacks },
    ),
  trainOnBatch: async ({ model, xs, ys }, updates) => {
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    for (let t = 0; t < updates; t++) await model.trainOnBatch(xs, ys);
  },
  minimize: async ({ model, xs, ys }, updates) => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const loss = (): tf.Scalar => tf.losses.meanSquaredError(ys, model.apply(xs, { training: true }) as tf.Tensor);
    for (let t = 0; t < updates; t++) model.optimizer.minimize(loss, false, variables);
  },
  applyGradients: async ({ model, xs, ys }, updates) => {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const loss = (): tf.Scalar => tf.losses.meanSquaredError(ys, model.apply(xs, { training: true }) as tf.Tensor);
    for (let t = 0; t < updates; t++) {
      const { value, grads } = tf.variableGrads(loss, variables);
      model.optimizer.applyGradients(grads);
      tf.dispose([value, grads]);
    }
  },
};

test.each(Object.keys(styles))(
  '%s leaves no tensor behind',
  async (name) => {
    const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
    model.compile({ optimizer: tf.train.adam(1, 0.9, 0.999, epsilon), loss: 'meanSquaredError' });
    const average = weightAverage({ decay: 0.9 });
    const hooks = [average, clipByGlobalNorm(1), decoupledWeightDecay()];
    const binding = bindOptimizer(model.optimizer, plan, { hooks });
    const [xs, ys] = [tf.ones([4, 3]), tf.ones([4, 2])];
    const style = { model, xs, ys, callbacks: learningRateCallback(binding) };
    const train = styles[name]!;
    await train(style, 2); // slots and averages come with the first update
    const { numTensors } = tf.memory();
    await train(style, steps);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(binding.step).toBe(steps + 2);
    average.dispose();
    tf.dispose([xs, ys]);
    model.dispose();
  },
  30_000 + 20 * steps,
);

test.each(Object.keys(styles))('%s makes every update at its own rate', async (name) => {
  const kernelInitializer = layers.initializers.ones();
  const dense = layers.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer });
  const model = layers.sequential({ layers: [dense] });
  model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
  const binding = bindOptimizer(model.optimizer, (step) => 2 ** -(step + 2));
  const [xs, ys] = [tf.ones([4, 1]), tf.zeros([4, 1])];
  await styles[name]!({ model, xs, ys, callbacks: learningRateCallback(binding) }, 4);
  // The loss is w², so w ← w·(1 − 2·rate), exact in binary.
  expect(await numbersOf(model.getWeights()[0]!)).toEqual([0.5 * 0.75 * 0.875 * 0.9375]);
  tf.dispose([xs, ys]);
  model.dispose();
});
