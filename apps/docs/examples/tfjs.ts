import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { cosineDecay, warmup } from '@anneal/core';
import { bindOptimizer } from '@anneal/tfjs';

const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })] });
const optimizer = tf.train.momentum(0.1, 0.9);
model.compile({ optimizer, loss: 'meanSquaredError' });

const schedule = warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.1, decaySteps: 90 }) });
const binding = bindOptimizer(optimizer, schedule);

// y = 3x − 1, a hundred epochs of one batch: a hundred updates, each at its own rate.
const x = tf.reshape(tf.linspace(-1, 1, 80), [80, 1]);
const y = tf.sub(tf.mul(x, 3), 1);
const history = await model.fit(x, y, { epochs: 100, batchSize: 80 });

export const step = binding.step;
export const finalLoss = history.history['loss']?.at(-1);
