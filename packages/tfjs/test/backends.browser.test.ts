import { cosineDecay, reduceOnPlateau, warmup, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { callbackList, learningRateCallback } from '../src/layers/index.ts';
import { clipByGlobalNorm, decoupledWeightDecay, parameterGroups, weightAverage } from '../src/ops/index.ts';
import { loadTraining, saveTraining } from '../src/training/index.ts';
import { gradientAt } from './gradients.ts';
import { batchAt, makeModel } from './mlp.ts';
import { cases, epsilon } from './optimizers.ts';
import { adam, type Reference } from './reference.ts';

const schedule = warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.05, decaySteps: 40 }) });
const start = [0.5, -1, 1.5];
const u = 2 ** -24;

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

function float64(reference: () => Reference, rateAt: (t: number) => number): number[] {
  return start.map((w, i) => {
    const update = reference();
    for (let t = 0; t < 50; t++) w = update(w, gradientAt(t, 3)[i]!, { learningRate: rateAt(t) });
    return w;
  });
}

async function difference(variable: tf.Variable, expected: readonly number[]): Promise<number> {
  return Math.max(...(await variable.data()).map((w, i) => Math.abs(w - expected[i]!)));
}

function update(optimizer: tf.Optimizer, variable: tf.Variable, t: number): void {
  tf.tidy(() => optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradientAt(t, 3)) }]));
}

describe.each(['cpu', 'wasm', 'webgl', 'webgpu'] as const)('in Chromium on %s', (backend) => {
  beforeAll(async () => {
    tf.env().set('PROD', true);
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths({
      'tfjs-backend-wasm.wasm': wasmUrl,
      'tfjs-backend-wasm-simd.wasm': wasmUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': wasmUrl,
    });
    if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start in this browser`);
    await tf.ready();
  });

  // GLSL and WGSL allow 2.5 ulp for a division and as much again for a square root, where float32 on the CPU rounds.
  const looser = backend === 'webgl' || backend === 'webgpu' ? 4 : 1;

  test('tfjs: the default epsilon differs on webgl, which is why these tests pass one', () => {
    expect(tf.backend().epsilon()).toBe(backend === 'webgl' ? 1e-4 : 1e-7);
  });

  test.each(cases)('$name equals float64 over 50 updates', async ({ make, reference, tolerance }) => {
    const optimizer = open(make());
    const variable = open(tf.variable(tf.tensor1d(start)));
    const binding = bindOptimizer(optimizer, schedule);
    for (let t = 0; t < 50; t++) {
      update(optimizer, variable, t);
      expect((optimizer as unknown as { learningRate: number }).learningRate).toBe(Math.fround(schedule(t)));
      expect(binding.step).toBe(t + 1);
    }
    expect(await difference(variable, float64(reference, schedule))).toBeLessThanOrEqual(looser * tolerance);
    const { numTensors } = tf.memory();
    for (let t = 50; t < 60; t++) update(optimizer, variable, t);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  const momentum = (t: number): number => 0.95 - 0.1 * Math.sin(t / 8) ** 2;
  test.each(
    cases.filter(({ name }) => ['Momentum', 'Nesterov', 'RMSProp with momentum', 'Adam', 'Adamax'].includes(name)),
  )('$name with momentum or β₁ under a schedule equals float64', async ({ name, make, reference, tolerance }) => {
    const track = name.startsWith('Adam') ? 'beta1' : 'momentum';
    const optimizer = open(make());
    const variable = open(tf.variable(tf.tensor1d(start)));
    bindOptimizer(optimizer, { learningRate: schedule, [track]: momentum });
    for (let t = 0; t < 50; t++) update(optimizer, variable, t);
    const expected = start.map((w, i) => {
      const one = reference();
      for (let t = 0; t < 50; t++)
        w = one(w, gradientAt(t, 3)[i]!, { learningRate: schedule(t), [track]: momentum(t) });
      return w;
    });
    expect(await difference(variable, expected)).toBeLessThanOrEqual(looser * tolerance);
  });

  test('groups, weight decay, clipping and averaging leave no tensor behind and move the weights', async () => {
    const optimizer = open(
      parameterGroups({ optimizer: () => tf.train.adam(1, 0.9, 0.999, epsilon), groups: { all: /./ } }),
    );
    const variable = open(tf.variable(tf.tensor1d(start)));
    const average = open(weightAverage({ decay: 0.5 }));
    const plan: Plan = { learningRate: schedule, weightDecay: 0.1, groups: { all: { beta1: (t) => 0.95 - t / 1000 } } };
    bindOptimizer(optimizer, plan, { hooks: [average, clipByGlobalNorm(1e6), decoupledWeightDecay()] });
    for (let t = 0; t < 50; t++) update(optimizer, variable, t);
    const expected = start.map((w, i) => {
      const one = adam(0.9, 0.999, epsilon);
      for (let t = 0; t < 50; t++) {
        const learningRate = schedule(t);
        w = one(w * (1 - learningRate * 0.1), gradientAt(t, 3)[i]!, { learningRate, beta1: 0.95 - t / 1000 });
      }
      return w;
    });
    expect(await difference(variable, expected)).toBeLessThanOrEqual(looser * 100 * u);
    const { numTensors } = tf.memory();
    for (let t = 50; t < 60; t++) update(optimizer, variable, t);
    await average.whileSwapped(() => undefined);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

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
      const numbers = ({ model }: typeof whole): Promise<unknown[]> =>
        Promise.all(model.weights.map((weight) => weight.read().data()));
      expect(await numbers(resumed)).toEqual(await numbers(whole));
    },
  );
});
