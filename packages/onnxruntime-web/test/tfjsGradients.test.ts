import { float32, GraphBuilder, gradients, sizeOf, softmaxCrossEntropy, writeModel } from '@anneal/onnx';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of tfjs's operations.
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { inferShapes } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const next = random(9);
const dims = { w1: [4, 2, 3, 3], b1: [4], w2: [6, 4, 3, 3], b2: [6], head: [24, 3] } as const;
const weights = Object.fromEntries(
  Object.entries(dims).map(([name, shape]) => [name, uniform(sizeOf(shape), 0.4, next)]),
);
const [images, labels] = [uniform(4 * 2 * 12 * 12, 1, next), [0, 2, 1, 1]];

/** Two convolutions (stride 2 with padding; plain), a max pool and a classifier, images [N, C, H, W]. */
async function ours(): Promise<Record<string, Float32Array>> {
  const g = new GraphBuilder();
  for (const [name, shape] of Object.entries(dims)) g.parameter(name, float32(shape, weights[name]!));
  let x = g.op('Relu', [
    g.op('Conv', [g.input('x', 'float32', [4, 2, 12, 12]), 'w1', 'b1'], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  ]);
  x = g.op('MaxPool', [g.op('Relu', [g.op('Conv', [x, 'w2', 'b2'])])], { kernel_shape: [2, 2], strides: [2, 2] });
  g.op('MatMul', [g.op('Flatten', [x]), 'head'], {}, 'logits');
  const loss = softmaxCrossEntropy()(g, new Map([['labels', { type: 'int32', dims: [4] }]]));
  const found = gradients(g, await inferShapes(ort, g.model()), loss, Object.keys(dims));
  for (const [name, gradient] of found) g.output(`d${name}`, gradient);
  const session = await ort.InferenceSession.create(writeModel(g.model()));
  const results = await session.run({
    x: new ort.Tensor('float32', images, [4, 2, 12, 12]),
    labels: new ort.Tensor('int32', Int32Array.from(labels), [4]),
  });
  await session.release();
  return Object.fromEntries(Object.keys(dims).map((name) => [name, results[`d${name}`]!.data as Float32Array]));
}

/** The same in tfjs, whose images are [N, H, W, C] and filters [h, w, in, out]. */
async function theirs(): Promise<Record<string, Float32Array>> {
  tf.enableProdMode(); // no banner
  await tf.setBackend('cpu');
  const variables = Object.entries(dims).map(([name, shape]) =>
    tf.variable(tf.tensor(weights[name]!, [...shape]), true, name),
  );
  const [w1, b1, w2, b2, head] = variables as [tf.Variable, tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const filter = (w: tf.Variable): tf.Tensor4D => tf.transpose(w as tf.Tensor4D, [2, 3, 1, 0]);
  const { grads } = tf.variableGrads(() => {
    const x = tf.transpose(tf.tensor4d(images, [4, 2, 12, 12]), [0, 2, 3, 1]);
    const padded = tf.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const one = tf.relu(tf.add(tf.conv2d(padded, filter(w1), 2, 'valid'), b1));
    const two = tf.relu(tf.add(tf.conv2d(one as tf.Tensor4D, filter(w2), 1, 'valid'), b2));
    const pooled = tf.transpose(tf.maxPool(two as tf.Tensor4D, 2, 2, 'valid'), [0, 3, 1, 2]);
    const logits = tf.matMul(tf.reshape(pooled, [4, 24]), head);
    return tf.reshape<tf.Rank.R0>(
      tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(labels, 'int32'), 3), logits),
      [],
    );
  });
  return Object.fromEntries(Object.keys(dims).map((name) => [name, grads[name]!.dataSync() as Float32Array]));
}

test('the gradients of a convolutional network are those of tfjs, within 1e-6 of the largest of each', async () => {
  const [mine, other] = [await ours(), await theirs()];
  for (const name of Object.keys(dims)) {
    const largest = Math.max(...other[name]!.map(Math.abs));
    const worst = Math.max(...mine[name]!.map((value, i) => Math.abs(value - other[name]![i]!)));
    expect(largest, name).toBeGreaterThan(0.01);
    expect(mine[name], name).toHaveLength(other[name]!.length);
    expect(worst / largest, name).toBeLessThan(1e-6);
  }
});
