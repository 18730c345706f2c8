import { cosineDecay } from '@anneal/core';
import cpuUrl from '@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.min.js?url';
import coreUrl from '@tensorflow/tfjs-core/dist/tf-core.min.js?url';
import layersUrl from '@tensorflow/tfjs-layers/dist/tf-layers.min.js?url';
import type * as tfCore from '@tensorflow/tfjs-core';
import type * as tfLayers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { cases } from './optimizers.ts';

/** Nothing of a page's types is compiled in here. */
declare const document: {
  createElement(tag: 'script'): { src: string; onload: () => void; onerror: (error: unknown) => void };
  readonly head: { append(element: object): void };
};

let tf: typeof tfCore & typeof tfLayers;

beforeAll(async () => {
  for (const src of [coreUrl, cpuUrl, layersUrl])
    // oxlint-disable-next-line no-await-in-loop -- each needs the one before
    await new Promise<void>((resolve, reject) => {
      document.head.append(Object.assign(document.createElement('script'), { src, onload: resolve, onerror: reject }));
    });
  ({ tf } = globalThis as unknown as { tf: typeof tf });
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
});

const makers: Readonly<Record<string, () => tfCore.Optimizer>> = {
  SGD: () => tf.train.sgd(1),
  Momentum: () => tf.train.momentum(1, 0.9),
  Nesterov: () => tf.train.momentum(1, 0.9, true),
  Adagrad: () => tf.train.adagrad(1),
  Adadelta: () => tf.train.adadelta(1),
  Adam: () => tf.train.adam(1),
  Adamax: () => tf.train.adamax(1),
  RMSProp: () => tf.train.rmsprop(1),
  'RMSProp with momentum': () => tf.train.rmsprop(1, 0.9, 0.9),
};

// The minified builds of a script tag: names of fields must have survived.
test.each(cases)('the global tf of a script tag: $name', async ({ name, className }) => {
  const schedule = cosineDecay({ initValue: 0.1, decaySteps: 8 });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: makers[name]!(), loss: 'meanSquaredError' });
  expect(model.optimizer.getClassName()).toBe(className);
  const momentum = className === 'Momentum' ? { momentum: (t: number) => 0.9 - t / 100 } : {};
  const beta1 = name.startsWith('Adam') ? { beta1: (t: number) => 0.9 - t / 100 } : {};
  const binding = bindOptimizer(model.optimizer, { learningRate: schedule, ...momentum, ...beta1 });
  const [xs, ys] = [tf.ones([8, 1]), tf.ones([8, 1])];
  await model.fit(xs, ys, { epochs: 1, batchSize: 2 });
  const { numTensors } = tf.memory();
  await model.fit(xs, ys, { epochs: 1, batchSize: 2 });
  expect(tf.memory().numTensors).toBe(numTensors);
  expect([binding.step, binding.learningRate]).toEqual([8, Math.fround(schedule(7))]);
  tf.dispose([xs, ys]);
  model.dispose();
});
