import { cosineDecay, reduceOnPlateau, warmup, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { callbackList, learningRateCallback } from '../src/layers/index.ts';
import { loadTraining, saveTraining } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import './chromium/setup.ts';
import { batchAt, makeModel, weightsOf } from './mlp.ts';
import { epsilon } from './optimizers.ts';

// The browser's own storage, and a first look at every backend: `pnpm check` runs all other tests on each.
const schedule = warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.05, decaySteps: 40 }) });

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

describe.each(['cpu', 'wasm', 'webgl', 'webgpu'] as const)('in Chromium on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(['indexeddb://anneal-test', 'localstorage://anneal-test'])(
    'fit, saved to %s and resumed, goes on bit for bit',
    async (where) => {
      const begin = (seed: number) => {
        const model = open(makeModel(seed));
        model.compile({ optimizer: tf.train.adam(1, 0.9, 0.999, epsilon), loss: 'meanSquaredError' });
        const plateau = { use: reduceOnPlateau({ reduceFactor: 0.5, patience: 0, threshold: 0.9 }) };
        const plan: Plan = { learningRate: { schedule, controllers: { plateau } }, beta1: (t) => 0.95 - t / 1000 };
        return { model, weights: model, binding: bindOptimizer(model.optimizer, plan) };
      };
      const [xs, ys] = batchAt(0, 16).map(open);
      const go = async ({ model, binding }: ReturnType<typeof begin>, from: number, to: number): Promise<unknown> => {
        const { history } = await model.fit(xs!, ys!, {
          initialEpoch: from,
          epochs: to,
          batchSize: 4,
          shuffle: false,
          callbacks: callbackList(
            learningRateCallback(binding),
            layers.callbacks.earlyStopping({ monitor: 'loss', patience: 9 }),
          ),
        });
        return history['lr'];
      };
      const whole = begin(1);
      await go(whole, 0, 2);
      await saveTraining(where, whole);
      const rates = await go(whole, 2, 4);
      const resumed = begin(5);
      await loadTraining(where, resumed, { onPlanChange: 'takeNew' });
      expect(await go(resumed, 2, 4)).toEqual(rates);
      expect(await weightsOf(resumed.model)).toEqual(await weightsOf(whole.model));
    },
  );
});
