import { cosineDecay, warmup, type Plan } from '@anneal/core';
import { describe, expect, test, vi } from 'vitest';
import {
  backendNamed,
  createSetup,
  optimizerNames,
  runTrial,
  taskNamed,
  type Batch,
  type Setup,
  type Trial,
} from '../src/index.ts';
import { learnerContract } from '../src/testing/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const digitsTask = await taskNamed('digits');
const planOf = (peak: number, steps: number): Plan => ({
  learningRate: warmup({
    warmupSteps: steps / 10,
    schedule: cosineDecay({ initValue: peak, decaySteps: 0.9 * steps }),
  }),
});
const setupOf = (backend: string, changes: Partial<Trial> = {}, plan: Plan = { learningRate: 0.01 }): Promise<Setup> =>
  createSetup(
    {
      label: 'test',
      task: 'digits',
      backend,
      optimizer: { name: 'momentum' },
      schedule: { type: 'constant', value: 1 } as unknown as Trial['schedule'],
      batchSize: 32,
      seed: 1,
      budget: { epochs: 1 },
      patience: null,
      ...changes,
    },
    { parse: () => plan },
  );
const batchesOf = (setup: Setup, count: number): Promise<Batch[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, step) => setup.source.batch(step, () => Promise.reject(new Error('none')))),
  );

describe.each(['onnxruntime-web', 'tfjs', 'tfjs-cpu'])('a learner of %s', (backend) => {
  test.each(learnerContract)('$name', async (law) => {
    await expect(law.check((setup) => backendNamed(backend).open(setup))).resolves.toBeUndefined();
  });
});

describe.each(['tfjs', 'onnxruntime-web'])('%s on digits', (backend) => {
  test.each(optimizerNames)('%s: applies what the plan says at every step, and learns', async (name) => {
    const plan = planOf(digitsTask.defaults.peakRate(name), 30);
    const setup = await setupOf(backend, { optimizer: { name } }, plan);
    const learner = await backendNamed(backend).open(setup);
    const { applied, losses } = await learner.train(await batchesOf(setup, 30));
    const schedule = plan.learningRate as (step: number) => number;
    expect(applied).toEqual(Array.from({ length: 30 }, (_, step) => ({ learningRate: Math.fround(schedule(step)) })));
    expect(losses[29]).toBeLessThan(losses[0]!);
    await learner.dispose();
  });

  test('reads the digits', async () => {
    const setup = await setupOf(backend, { budget: { epochs: 2 } });
    const learner = await backendNamed(backend).open(setup);
    const { measured } = await runTrial(setup, learner);
    expect(measured.test!['accuracy']).toBeGreaterThan(0.85);
    await learner.dispose();
  });
});

test.each(optimizerNames)('tfjs: training with %s leaks no tensor', async (name) => {
  const tf = await import('@tensorflow/tfjs-core');
  const setup = await setupOf('tfjs', { optimizer: { name } });
  const make = () => backendNamed('tfjs').open(setup);
  await (await make()).dispose(); // tfjs has a backend from here on
  const before = tf.memory().numTensors;
  const learner = await make();
  const batches = await batchesOf(setup, 3);
  await learner.train(batches.slice(0, 1));
  await learner.predict(batches[0]!);
  const after = tf.memory().numTensors;
  await learner.train(batches.slice(1));
  await learner.load(await learner.save());
  await learner.predict(batches[1]!);
  expect(tf.memory().numTensors).toBe(after);
  await learner.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('tfjs-cpu: trains as wasm does, and says nothing about other packages', async () => {
  const warn = vi.spyOn(console, 'warn');
  const losses: Float32Array[] = [];
  for (const backend of ['tfjs', 'tfjs-cpu']) {
    const setup = await setupOf(backend, { batchSize: 8 }, { learningRate: 0.1 });
    const learner = await backendNamed(backend).open(setup);
    losses.push((await learner.train(await batchesOf(setup, 3))).losses);
    await learner.dispose();
  }
  // Sums in another order: a few float32 units.
  losses[0]!.forEach((loss, t) => expect(Math.abs(losses[1]![t]! - loss)).toBeLessThan(1e-6 * loss));
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test.each(['tfjs', 'onnxruntime-web'])(
  '%s: a plan with a track that the optimizer lacks is refused',
  async (backend) => {
    const setup = await setupOf(backend, { optimizer: { name: 'sgd' } }, { learningRate: 0.1, momentum: 0.9 });
    await expect(backendNamed(backend).open(setup)).rejects.toThrow('momentum');
  },
);

test('an optimizer’s settings are checked by their kinds', async () => {
  await expect(setupOf('tfjs', { optimizer: { name: 'adam', beta3: 1 } })).rejects.toThrow('unknown option "beta3"');
  await expect(setupOf('tfjs', { optimizer: { name: 'adam', beta1: 1 } })).rejects.toThrow(
    'adam: beta1 must be a number in [0, 1); received 1',
  );
  const { settings } = await setupOf('tfjs', { optimizer: { name: 'adam', beta1: 0.5 } });
  expect(settings).toEqual({ beta1: 0.5, beta2: 1 - 2 ** -10, epsilon: 1e-7 });
});
