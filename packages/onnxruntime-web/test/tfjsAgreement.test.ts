import { cosineDecay, warmup, type Schedule } from '@anneal/core';
import {
  adam,
  float32,
  momentum,
  rmsprop,
  sgd,
  adamW,
  softmaxCrossEntropy,
  type Model,
  type Optimizer,
} from '@anneal/onnx';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of tfjs's operations.
import '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTrainer } from '../src/index.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const steps = 100;
const data = batches(steps, 32, 16, 6, 5);
const model = mlp([16, 24, 6], 3);
const scheduleOf = (peak: number): Schedule =>
  warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: peak, decaySteps: 90 }) });
const epsilon = 1e-7;
const decay = 0.05;

/**
 * tfjs's optimizers and ours with the same definition, at a rate usual for each. In Adam one difference is more than rounding of sums: tfjs
 * subtracts a float32 product from 1, and 1 − 0.999 is then off by 1.3e-5 of itself, half of that in the first updates (PyTorch and
 * this package compute it exactly); it takes three quarters of the bar.
 */
const pairs: Record<string, { peak: number; ours: () => Optimizer; theirs: () => tf.Optimizer; decay?: number }> = {
  sgd: { peak: 0.5, ours: () => sgd(), theirs: () => tf.train.sgd(0.1) },
  momentum: { peak: 0.1, ours: () => momentum({ momentum: 0.9 }), theirs: () => tf.train.momentum(0.1, 0.9) },
  rmsprop: {
    peak: 0.005,
    ours: () => rmsprop({ alpha: 0.9, epsilon, epsilonPlacement: 'inside' }),
    theirs: () => tf.train.rmsprop(0.1, 0.9, 0, epsilon),
  },
  adam: { peak: 0.005, ours: () => adam({ epsilon }), theirs: () => tf.train.adam(0.1, 0.9, 0.999, epsilon) },
  adamW: {
    peak: 0.005,
    ours: () => adamW({ epsilon, weightDecay: decay }),
    theirs: () => tf.train.adam(0.1, 0.9, 0.999, epsilon),
    decay,
  },
};

async function oursLosses(optimizer: Optimizer, schedule: Schedule, from: Model): Promise<Float32Array> {
  const trainer = await createTrainer(ort, from, {
    loss: softmaxCrossEntropy(),
    optimizer,
    plan: schedule,
    batch: data[0]!,
  });
  const { losses } = await trainer.run(data);
  await trainer.dispose();
  return losses;
}

/** A plain training loop of tfjs with the rate set by hand before each update. */
function theirLosses(optimizer: tf.Optimizer, schedule: Schedule, weightDecay = 0): number[] {
  const weights = [...model.graph.initializers.values()].map(({ dims, data: values }) =>
    tf.variable(tf.tensor(values as Float32Array, [...dims])),
  );
  const [w1, b1, w2, b2] = weights as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const losses = data.map((batch, step) => {
    const rate = schedule(step);
    const held = optimizer as unknown as { learningRate: number; setLearningRate?(rate: number): void };
    if (held.setLearningRate === undefined) held.learningRate = rate;
    else held.setLearningRate(rate);
    return tf.tidy(() => {
      const x = tf.tensor(batch['x']!.data as Float32Array, [32, 16]);
      const labels = tf.oneHot(tf.tensor1d(batch['labels']!.data as Int32Array, 'int32'), 6);
      const { value, grads } = tf.variableGrads(() => {
        const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1));
        const logits = tf.add(tf.matMul(hidden, w2), b2);
        return tf.reshape<tf.Rank.R0>(tf.losses.softmaxCrossEntropy(labels, logits), []);
      });
      if (weightDecay > 0) for (const w of weights) w.assign(tf.mul(w, 1 - rate * weightDecay));
      optimizer.applyGradients(grads);
      return value.dataSync()[0]!;
    });
  });
  tf.dispose(weights);
  return losses;
}

/** The model with one weight moved by one unit in the last place. */
function nudged(parameter: string, index: number): Model {
  const initializers = new Map(model.graph.initializers);
  const { dims, data: values } = initializers.get(parameter)!;
  const copy = Float32Array.from(values as Float32Array);
  new Int32Array(copy.buffer)[index]! += 1;
  initializers.set(parameter, float32(dims, copy));
  return { ...model, graph: { ...model.graph, initializers } };
}

describe('tfjs and onnxruntime-web train alike from the same weights, batches and schedule:', () => {
  beforeAll(async () => {
    tf.enableProdMode(); // no banner
    await tf.setBackend('cpu');
  });
  afterAll(() => tf.disposeVariables());

  test.each(Object.entries(pairs))('%s, 100 updates', async (_, { peak, ours, theirs, decay: weightDecay }) => {
    const schedule = scheduleOf(peak);
    const expected = theirLosses(theirs(), schedule, weightDecay);
    const losses = await oursLosses(ours(), schedule, model);
    const others: Float32Array[] = [];
    for (const [parameter, index] of [
      ['fc1.weight', 0],
      ['fc1.weight', 100],
      ['fc2.weight', 50],
    ] as const) {
      others.push(await oursLosses(ours(), schedule, nudged(parameter, index)));
    }
    // How far one rounding error can have gone by each step: the largest effect so far of one unit in the last place of one weight.
    let effect = 0;
    let worst = 0;
    losses.forEach((loss, step) => {
      effect = Math.max(effect, ...others.map((other) => Math.abs(other[step]! - loss) / loss));
      const bar = Math.max(20 * effect, 1e-6);
      worst = Math.max(worst, Math.abs(expected[step]! - loss) / loss / bar);
    });
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 1.5);
    expect(worst).toBeLessThanOrEqual(1);
  });
});
