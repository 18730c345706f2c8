import type { Model } from '@anneal/onnx';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { Batch } from '../src/index.ts';
import { epsilon, type OpenPeer, type Settings } from './peer.ts';
import { gptShape, type Task } from './task.ts';

/** The loops that people write: `optimizer.minimize`, gradients and `applyGradients` apart, and a layers model's `trainOnBatch`. */
export type Loop = 'minimize' | 'applyGradients' | 'trainOnBatch';

type Weights = ReadonlyMap<string, tf.Variable>;

const optimizerOf = ({ optimizer }: Settings): tf.Optimizer =>
  optimizer === 'sgd' ? tf.train.sgd(1) : tf.train.adam(1, 0.9, 0.999, epsilon);

function setRate(optimizer: tf.Optimizer, rate: number): void {
  const held = optimizer as unknown as { learningRate: number; setLearningRate?(rate: number): void };
  if (held.setLearningRate === undefined) held.learningRate = rate;
  else held.setLearningRate(rate);
}

function variablesOf(model: Model): Weights {
  return new Map(
    [...model.graph.initializers].flatMap(([name, { type, dims, data }]): [string, tf.Variable][] =>
      type === 'float32' && (name.includes('.') || name === 'positions')
        ? [[name, tf.variable(tf.tensor(data as Float32Array, [...dims]))]]
        : [],
    ),
  );
}

const oneHotLabels = (task: Task, { labels }: Batch): tf.Tensor2D =>
  tf.oneHot(tf.tensor1d(labels!.data as Int32Array, 'int32'), task.classes) as tf.Tensor2D;

const meanCrossEntropy = (labels: tf.Tensor, logits: tf.Tensor): tf.Scalar =>
  tf.reshape<tf.Rank.R0>(tf.losses.softmaxCrossEntropy(labels, logits), []);

/** The forward passes, each with the fastest operators that tfjs can differentiate on the backend. */
const forwards: Readonly<Record<Task['kind'], (w: (name: string) => tf.Variable, batch: Batch) => tf.Tensor2D>> = {
  perceptron(w, { x }) {
    let y = tf.tensor2d(x!.data as Float32Array, x!.dims as [number, number]);
    for (let i = 1; w(`fc${i}.weight`) !== undefined; i++) {
      y = tf.fused.matMul({
        a: y,
        b: w(`fc${i}.weight`),
        bias: w(`fc${i}.bias`),
        activation: w(`fc${i + 1}.weight`) === undefined ? 'linear' : 'relu',
      }) as tf.Tensor2D;
    }
    return y;
  },
  convolutional(w, { x }) {
    const conv = (y: tf.Tensor4D, name: string): tf.Tensor4D => {
      const filter = tf.transpose(w(`${name}.weight`) as unknown as tf.Tensor4D, [2, 3, 1, 0]);
      return tf.maxPool(tf.relu(tf.add(tf.conv2d(y, filter, 1, 'same'), w(`${name}.bias`))), 2, 2, 'valid');
    };
    const [size] = x!.dims as [number];
    // One channel: [N, 1, 28, 28] and [N, 28, 28, 1] are the same numbers.
    const features = conv(conv(tf.tensor4d(x!.data as Float32Array, [size, 28, 28, 1]), 'conv1'), 'conv2');
    const flat = tf.reshape(tf.transpose(features, [0, 3, 1, 2]), [size, 784]);
    return tf.add(tf.matMul(flat, w('fc.weight') as unknown as tf.Tensor2D), w('fc.bias'));
  },
  transformer(w, { tokens }) {
    const { width, heads, blocks, length, batch, vocabulary } = gptShape;
    const size = width / heads;
    const product = (y: tf.Tensor, weight: string, bias: string): tf.Tensor2D =>
      tf.add(tf.matMul(y as tf.Tensor2D, w(weight) as unknown as tf.Tensor2D), w(bias));
    const linear = (y: tf.Tensor, name: string): tf.Tensor2D => product(y, `${name}.weight`, `${name}.bias`);
    const norm = (y: tf.Tensor, name: string): tf.Tensor => {
      const { mean, variance } = tf.moments(y, -1, true);
      const unit = tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      return tf.add(tf.mul(unit, w(`${name}.weight`)), w(`${name}.bias`));
    };
    const gelu = (y: tf.Tensor): tf.Tensor => {
      const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(y, tf.mul(0.044715, tf.mul(y, tf.mul(y, y)))));
      return tf.mul(tf.mul(0.5, y), tf.add(1, tf.tanh(inner)));
    };
    // tfjs-wasm cannot differentiate a gather: the embedding is a product with one-hot rows.
    const ids = tf.tensor1d(tokens!.data as Int32Array, 'int32');
    const embedding = w('embedding.weight') as unknown as tf.Tensor2D;
    const embedded = tf.matMul(tf.oneHot(ids, vocabulary), embedding);
    const placed = tf.add(tf.reshape(embedded, [batch, length, width]), w('positions'));
    let x: tf.Tensor = tf.reshape(placed, [batch * length, width]);
    const rows = tf.range(0, length, 1, 'int32');
    const mask = tf.lessEqual(tf.reshape(rows, [1, length]), tf.reshape(rows, [length, 1]));
    const causal = tf.reshape(tf.sub(tf.mul(tf.cast(mask, 'float32'), 1e9), 1e9), [1, 1, length, length]);
    for (let block = 0; block < blocks; block++) {
      const name = `block${block}`;
      const attention = `${name}.attn`;
      const joint = product(norm(x, `${name}.ln1`), `${attention}.in_proj_weight`, `${attention}.in_proj_bias`);
      const parts = tf.split(joint, 3, 1);
      const [q, k, v] = parts.map((part) =>
        tf.transpose(tf.reshape(part, [batch, length, heads, size]), [0, 2, 1, 3]),
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const scores = tf.add(tf.div(tf.matMul(q, k, false, true), Math.sqrt(size)), causal);
      const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
      x = tf.add(x, linear(tf.reshape(mixed, [batch * length, width]), `${attention}.out_proj`));
      x = tf.add(x, linear(gelu(linear(norm(x, `${name}.ln2`), `${name}.up`)), `${name}.down`));
    }
    return tf.matMul(norm(x, 'final'), embedding, false, true);
  },
};

/** TensorFlow.js, by one of its loops on a backend that the caller has registered. The rate is set by hand before each update. */
export function tfjs(backend: 'wasm' | 'cpu' | 'webgpu', loop: Loop): OpenPeer {
  return async (task, settings) => {
    await tf.setBackend(backend);
    const optimizer = optimizerOf(settings);
    const stream = task.batches();
    const variables = variablesOf(task.model);
    const layered = loop === 'trainOnBatch' ? layersModel(task, variables, optimizer) : undefined;
    const lossOf = (batch: Batch): tf.Scalar =>
      meanCrossEntropy(
        oneHotLabels(task, batch),
        forwards[task.kind]((name) => variables.get(name)!, batch),
      );
    let step = 0;
    const update = async (batch: Batch): Promise<number> => {
      setRate(optimizer, settings.rate(step++));
      if (layered !== undefined) {
        const xs = tf.tensor2d(batch['x']!.data as Float32Array, batch['x']!.dims as [number, number]);
        const ys = oneHotLabels(task, batch);
        const loss = (await layered.trainOnBatch(xs, ys)) as number;
        tf.dispose([xs, ys]);
        return loss;
      }
      const loss = tf.tidy(() => {
        if (loop === 'minimize') return optimizer.minimize(() => lossOf(batch), true)!;
        const { value, grads } = tf.variableGrads(() => lossOf(batch));
        optimizer.applyGradients(grads);
        return value;
      });
      // WebGPU has no way to wait for a number.
      const [value] = await loss.data();
      loss.dispose();
      return value!;
    };
    return {
      name: `tfjs-${backend} ${loop}`,
      async train(steps) {
        await tf.setBackend(backend);
        const losses: number[] = [];
        // oxlint-disable-next-line no-await-in-loop -- one step after the other
        for (let i = 0; i < steps; i++) losses.push(await update(stream.next().value));
        return losses;
      },
      async close() {
        await tf.setBackend(backend);
        layered?.dispose();
        tf.dispose([...variables.values()]);
        optimizer.dispose();
      },
    };
  };
}

function layersModel(task: Task, weights: Weights, optimizer: tf.Optimizer): layers.LayersModel {
  const model = layers.sequential();
  const depth = weights.size / 2;
  for (let i = 1; i <= depth; i++) {
    const [inputs, units] = weights.get(`fc${i}.weight`)!.shape as [number, number];
    const activation = i < depth ? ('relu' as const) : ('linear' as const);
    model.add(layers.layers.dense({ units, activation, ...(i === 1 && { inputShape: [inputs] }) }));
  }
  model.setWeights([...weights.values()]);
  model.compile({ optimizer, loss: meanCrossEntropy });
  return model;
}
