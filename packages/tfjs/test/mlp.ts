import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { numbersOf } from './numbers.ts';

/** A small network with batch normalisation, so that statistics are among its weights; seeded. */
export function makeModel(seed = 1, api: typeof layers = layers): layers.Sequential {
  return api.sequential({
    layers: [
      api.layers.dense({
        units: 5,
        inputShape: [3],
        activation: 'tanh',
        kernelInitializer: api.initializers.glorotUniform({ seed }),
      }),
      api.layers.batchNormalization(),
      api.layers.dense({ units: 2, kernelInitializer: api.initializers.glorotUniform({ seed: seed + 1 }) }),
    ],
  });
}

/** Batch t of a fixed regression task. */
export function batchAt(t: number, size = 8): [tf.Tensor2D, tf.Tensor2D] {
  const xs = Array.from({ length: size * 3 }, (_, i) => Math.sin(0.37 * i + 1.1 * t));
  const ys = Array.from({ length: size * 2 }, (_, i) => Math.cos(0.21 * i + 0.9 * t));
  return [tf.tensor2d(xs, [size, 3]), tf.tensor2d(ys, [size, 2])];
}

/** All weights of a model as numbers. */
export function weightsOf(model: layers.LayersModel): Promise<number[][]> {
  return Promise.all(model.weights.map((weight) => numbersOf(weight.read())));
}

/** Makes updates `from` to `to` of a compiled model. */
export async function trainModel(model: layers.LayersModel, from: number, to: number): Promise<void> {
  for (let t = from; t < to; t++) {
    const [xs, ys] = batchAt(t);
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    await model.trainOnBatch(xs, ys);
    tf.dispose([xs, ys]);
  }
}
