import { readFileSync } from 'node:fs';
import { cosineDecay } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { bindOptimizer, type Binding } from '../src/index.ts';
import { trainingFromBytes } from '../src/training/index.ts';
import { useBackend } from './backend.ts';

beforeAll(() => useBackend());

interface Begun {
  readonly weights: readonly [tf.Variable];
  readonly binding: Binding;
  update(): void;
}

function begin(): Begun {
  const weight = tf.variable(tf.tensor1d([1, -2, 3]));
  const optimizer = tf.train.adam(1, 0.9, 0.999, 1e-7);
  const learningRate = cosineDecay({ initValue: 0.1, decaySteps: 6 });
  return {
    weights: [weight],
    binding: bindOptimizer(optimizer, { learningRate, beta1: 0.9 }),
    update: () => void optimizer.minimize(() => tf.sum(tf.square(weight)), false, [weight]),
  };
}

test('bytes of an older version are read, and training goes on as one that was never interrupted', async () => {
  // After three updates, written before the file format had a package of its own.
  const older = readFileSync(new URL('fixtures/training.safetensors', import.meta.url));
  const [resumed, whole] = [begin(), begin()];
  resumed.update();
  trainingFromBytes(older, resumed);
  expect(resumed.binding.step).toBe(3);
  for (let t = 0; t < 4; t++) whole.update();
  resumed.update();
  expect([...resumed.weights[0].dataSync()]).toEqual([...whole.weights[0].dataSync()]);
  expect(resumed.binding.state()).toEqual(whole.binding.state());
  tf.dispose([...resumed.weights, ...whole.weights]);
});
