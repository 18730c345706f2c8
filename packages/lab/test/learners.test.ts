import { cosineDecay, warmup, type Plan } from '@anneal/core';
import { describe, expect, test, vi } from 'vitest';
import { createLearner, createSetup, digits, optimizers, train, type OptimizerName } from '../src/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const names = Object.keys(optimizers) as OptimizerName[];
const backends = ['tfjs', 'onnxruntime-web'];

const plan = (peak: number, steps: number): Plan => ({
  learningRate: warmup({
    warmupSteps: steps / 10,
    schedule: cosineDecay({ initValue: peak, decaySteps: 0.9 * steps }),
  }),
});

describe.each(backends)('%s', (backend) => {
  test.each(names)('%s: applies what the plan says, rounded to float32, at every step', async (optimizer) => {
    const setup = createSetup({ task: digits, optimizer, epochs: 1 });
    const drives = plan(digits.defaults.learningRates[optimizer], 30);
    const learner = await createLearner(backend, { setup, plan: drives });
    const { applied, losses } = await learner.train(Array.from({ length: 30 }, (_, step) => setup.batch(step)));
    const schedule = drives.learningRate as (step: number) => number;
    expect(applied).toEqual(Array.from({ length: 30 }, (_, step) => ({ learningRate: Math.fround(schedule(step)) })));
    expect(losses[29]).toBeLessThan(losses[0]!);
    await learner.dispose();
  });

  test.each(names)('%s: saved and loaded goes on bit for bit', async (optimizer) => {
    const setup = createSetup({ task: digits, optimizer, epochs: 1 });
    const make = () => createLearner(backend, { setup, plan: plan(digits.defaults.learningRates[optimizer], 30) });
    const batches = Array.from({ length: 20 }, (_, step) => setup.batch(step));
    const whole = await make();
    const all = await whole.train(batches);
    const first = await make();
    await first.train(batches.slice(0, 7));
    const saved = await first.save();
    const second = await make();
    await second.train(batches.slice(0, 3)); // load must replace whatever was there
    await second.load(saved);
    expect(second.scheduler.step).toBe(7);
    const rest = await second.train(batches.slice(7));
    expect(rest.losses).toEqual(all.losses.slice(7));
    expect(await second.weights()).toEqual(await whole.weights());
    await Promise.all([whole, first, second].map((learner) => learner.dispose()));
  });
});

test.each(names)('tfjs: training with %s leaks no tensor', async (optimizer) => {
  const tf = await import('@tensorflow/tfjs-core');
  const setup = createSetup({ task: digits, optimizer, epochs: 1 });
  const make = () => createLearner('tfjs', { setup, plan: 0.01 });
  await (await make()).dispose(); // tfjs has a backend from here on
  const before = tf.memory().numTensors;
  const learner = await make();
  await learner.train([setup.batch(0)]);
  const after = tf.memory().numTensors;
  await learner.train([setup.batch(1), setup.batch(2)]);
  await learner.load(await learner.save());
  await learner.predict(setup.splits.test.inputs);
  expect(tf.memory().numTensors).toBe(after);
  await learner.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('tfjs: reads the digits', async () => {
  const setup = createSetup({ task: digits, epochs: 2 });
  const learner = await createLearner('tfjs', { setup, plan: 0.01 });
  const { test: tested } = await train(learner, setup);
  expect(tested.accuracy).toBeGreaterThan(0.85);
  await learner.dispose();
});

test('tfjs-cpu: trains as wasm does, and says nothing about other packages', async () => {
  const warn = vi.spyOn(console, 'warn');
  const setup = createSetup({ task: digits, epochs: 1, batchSize: 8 });
  const losses: number[][] = [];
  for (const backend of ['tfjs', 'tfjs-cpu']) {
    const learner = await createLearner(backend, { setup, plan: 0.1 });
    losses.push([...(await learner.train([0, 1, 2].map((step) => setup.batch(step)))).losses]);
    await learner.dispose();
  }
  // Sums in another order: a few float32 units.
  losses[0]!.forEach((loss, t) => expect(Math.abs(losses[1]![t]! - loss)).toBeLessThan(1e-6 * loss));
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test('tfjs: a scheduled momentum is read back too', async () => {
  const setup = createSetup({ task: digits, epochs: 1 });
  const momentum = cosineDecay({ initValue: 0.9, decaySteps: 10 });
  const learner = await createLearner('tfjs', { setup, plan: { learningRate: 0.1, momentum } });
  const { applied } = await learner.train([0, 1, 2].map((step) => setup.batch(step)));
  expect(applied).toEqual(
    [0, 1, 2].map((step) => ({ learningRate: Math.fround(0.1), momentum: Math.fround(momentum(step)) })),
  );
  await learner.dispose();
});
