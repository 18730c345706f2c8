import { linear, reduceOnPlateau, toPlan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { failure, fitted, type Fitted } from '../../test/fits.ts';
import { weightsOf } from '../../test/mlp.ts';
import { refusal } from '../../test/refusal.ts';
import type { Binding } from '../index.ts';
import { accumulateGradients, clipByGlobalNorm, weightAverage } from '../ops/index.ts';
import { trainingFromBytes, trainingToBytes } from '../training/index.ts';
import { bestWeights, learningRateCallback, reduceLROnPlateau, stepsPerEpoch, totalSteps } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));

/** A linear model, whose gradients do not depend on normalisation. */
function begin(
  microBatches: number,
  leftover?: 'update' | 'drop',
  rate: number | undefined = 0.1,
): Fitted & { binding: Binding } {
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 3 });
  const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3], kernelInitializer })] });
  const one = fitted(tf.train.sgd(1), model);
  made.push(one);
  const hooks = [accumulateGradients(microBatches, leftover && { leftover })];
  return { ...one, binding: one.bind(rate, { hooks }) };
}

describe('totalSteps', () => {
  test.each([
    { microBatches: 2, epochs: 3 }, // whole
    { microBatches: 3, epochs: 3 },
    { microBatches: 3, epochs: 4, leftover: 'update' },
    { microBatches: 3, epochs: 4, leftover: 'drop' },
    { microBatches: 3, epochs: 5, initialEpoch: 2, leftover: 'drop' },
    { microBatches: 5, epochs: 1, leftover: 'drop' }, // none at all
    { microBatches: 100, epochs: 2 },
  ] as const)('is the number of updates that fit makes: %o', async (args) => {
    const { microBatches, leftover, ...fit }: typeof args & { leftover?: 'update' | 'drop' } = args;
    const one = begin(microBatches, leftover);
    await one.fit({ ...fit, callbacks: learningRateCallback(one.binding, { initialEpoch: 'ignore', warn: false }) });
    const steps = totalSteps({ samples: 16, batchSize: 4, ...args });
    expect(one.binding.step).toBe(steps);
    expect(one.model.optimizer.iterations).toBe(steps);
    expect(totalSteps({ batchesPerEpoch: 4, ...args })).toBe(steps);
  });

  test('a schedule of that length has ended when fit has', async () => {
    const decaySteps = totalSteps({ samples: 16, batchSize: 4, epochs: 4, microBatches: 3 });
    const one = begin(1);
    one.binding.detach();
    const binding = one.bind(linear({ initValue: 0.5, endValue: 0, decaySteps }), { hooks: [accumulateGradients(3)] });
    const sentences: string[] = [];
    const warn = (sentence: string): void => void sentences.push(sentence);
    await one.fit({ epochs: 4, callbacks: learningRateCallback(binding, { warn }) });
    expect([binding.step, binding.scheduler.values().learningRate, sentences]).toEqual([6, 0, []]);
  });

  test('stepsPerEpoch need not be whole, and resolves "5ep" and "50%" to the same run', () => {
    const epoch = { samples: 12, batchSize: 2, microBatches: 4 };
    expect(stepsPerEpoch(epoch)).toBe(1.5);
    const horizon = { stepsPerEpoch: stepsPerEpoch(epoch), totalSteps: totalSteps({ ...epoch, epochs: 4 }) };
    const late = (decaySteps: '2ep' | '50%'): unknown => linear({ initValue: 1, decaySteps }).resolve(horizon).spec;
    expect([late('2ep'), toPlan(linear({ initValue: 1, decaySteps: '50%' }), horizon)]).toEqual([
      linear({ initValue: 1, decaySteps: 3 }).spec,
      { learningRate: expect.objectContaining({ spec: late('50%') }) as unknown },
    ]);
  });
});

describe('batches left over when fit ends', () => {
  test('make an update of their mean gradient: that of one batch of them all', async () => {
    // Four batches of four and micro-batches of three: one update of twelve samples, one of four.
    const one = begin(3);
    await one.fit({ epochs: 1, callbacks: learningRateCallback(one.binding) });
    const other = begin(1);
    const [xs, ys] = [3, 2].map((width, which) => {
      const all = Array.from({ length: 16 * width }, (_, i) => (which === 0 ? Math.sin(0.37 * i) : Math.cos(0.21 * i)));
      return tf.tensor2d(all, [16, width]);
    }) as [tf.Tensor2D, tf.Tensor2D];
    for (const [from, size] of [
      [0, 12],
      [12, 4],
    ] as const) {
      const parts = [xs, ys].map((all) => tf.slice(all, [from, 0], [size, -1]));
      // oxlint-disable-next-line no-await-in-loop -- one update after the other
      await other.model.trainOnBatch(parts[0]!, parts[1]!);
      tf.dispose(parts);
    }
    tf.dispose([xs, ys]);
    const [ours, theirs] = [await weightsOf(one.model), await weightsOf(other.model)];
    // Means over 3·4 and over 12 numbers below 2 round differently, by a few units in the last place each.
    ours.flat().forEach((value, i) => expect(Math.abs(value - theirs.flat()[i]!)).toBeLessThanOrEqual(16 * 2 ** -24));
    expect(one.binding.step).toBe(2);
  });

  test('are dropped where that is asked for, and never reach the next fit', async () => {
    const [twice, once] = [begin(3, 'drop'), begin(3, 'drop')];
    await twice.fit({ epochs: 1, callbacks: learningRateCallback(twice.binding) });
    const { numTensors } = tf.memory();
    await twice.fit({ epochs: 1, callbacks: learningRateCallback(twice.binding) });
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(twice.binding.step).toBe(2);
    // What a second fit does from the same weights does not depend on the first.
    await once.fit({ epochs: 1, callbacks: learningRateCallback(once.binding) });
    const before = await weightsOf(once.model);
    const fresh = begin(3, 'drop');
    fresh.model.setWeights(before.map((values, i) => tf.tensor(values, once.model.weights[i]!.shape as number[])));
    await fresh.fit({ epochs: 1, callbacks: learningRateCallback(fresh.binding) });
    expect(await weightsOf(twice.model)).toEqual(await weightsOf(fresh.model));
  });

  /** Every callback that ends them, alone, and a loop of one's own. */
  const ends: Readonly<Record<string, (one: ReturnType<typeof begin>) => Promise<unknown>>> = {
    learningRateCallback: (one) => one.fit({ epochs: 1, callbacks: learningRateCallback(one.binding) }),
    'learningRateCallback of a plan': (one) => {
      one.binding.detach();
      const callback = learningRateCallback(0.1, { bind: { hooks: one.binding.hooks } });
      return one.fit({ epochs: 1, callbacks: callback });
    },
    bestWeights: (one) => one.fit({ epochs: 1, callbacks: bestWeights({ monitor: 'loss', restore: false }) }),
    'bestWeights that restores': (one) => one.fit({ epochs: 1, callbacks: bestWeights({ monitor: 'loss' }) }),
    fitDataset: (one) => one.fitDataset({ epochs: 1, callbacks: learningRateCallback(one.binding) }),
    'a fit that stops early': (one) => {
      const stop = new layers.CustomCallback({
        onBatchEnd: (batch) => void (batch === 0 && (one.model.stopTraining = true)),
      });
      return one.fit({ epochs: 1, callbacks: [learningRateCallback(one.binding), stop] });
    },
    'a fit without callbacks, seen when the next begins': async (one) => {
      await one.fit({ epochs: 1 });
      expect(one.binding.step).toBe(0);
      await one.fit({ epochs: 1, callbacks: learningRateCallback(one.binding) });
      expect(one.binding.step).toBe(2);
      one.binding.scheduler.restore({ ...one.binding.scheduler.state(), step: 1 });
    },
    'a fit that fails, seen when the next begins': async (one) => {
      const callback = learningRateCallback(one.binding);
      const fails = new layers.CustomCallback({ onBatchEnd: () => Promise.reject(new Error('no more')) });
      expect(await failure(one.fit({ epochs: 1, callbacks: [callback, fails] }))).toBe('no more');
      expect(one.binding.step).toBe(0);
      await one.fit({ epochs: 1, callbacks: callback });
      expect(one.binding.step).toBe(2);
      one.binding.scheduler.restore({ ...one.binding.scheduler.state(), step: 1 });
    },
    'a loop of one’s own': async (one) => {
      const [xs, ys] = [tf.ones([4, 3]), tf.ones([4, 2])];
      await one.model.trainOnBatch(xs, ys);
      tf.dispose([xs, ys]);
      one.binding.finish();
    },
  };
  test.each(Object.keys(ends))('%s ends them', async (name) => {
    const one = begin(5);
    await ends[name]!(one);
    expect(one.binding.step).toBe(1);
    const { numTensors } = tf.memory();
    one.binding.finish(); // nothing is left
    expect([one.binding.step, tf.memory().numTensors]).toEqual([1, numTensors]);
  });

  test('hooks around them see the update: clipping, and an average outside', async () => {
    const one = begin(1);
    one.binding.detach();
    const average = weightAverage();
    made.push(average);
    const hooks = [average, accumulateGradients(3), clipByGlobalNorm(1e-6)];
    const before = (await weightsOf(one.model)).flat();
    const binding = one.bind(1, { hooks });
    await one.fit({ epochs: 1, callbacks: learningRateCallback(binding) });
    expect([binding.step, hooks[0]!.state!()]).toEqual([2, [2, 2]]);
    const after = (await weightsOf(one.model)).flat();
    // Two updates of length 1e-6 each.
    after.forEach((value, i) => expect(Math.abs(value - before[i]!)).toBeLessThanOrEqual(2e-6 + 2 ** -23));
  });

  test('an update of them does not spoil the best weights, in whatever order the callbacks stand', async () => {
    for (const order of [0, 1]) {
      const one = begin(3);
      const best = bestWeights({ monitor: 'loss', mode: 'max' }); // the first epoch
      const seen: number[][][] = [];
      const recorder = new layers.CustomCallback({
        onEpochEnd: async () => void seen.push(await weightsOf(one.model)),
      });
      const pair = [learningRateCallback(one.binding), best];
      if (order === 1) pair.reverse();
      // oxlint-disable-next-line no-await-in-loop -- one fit after the other
      await one.fit({ epochs: 4, callbacks: [recorder, ...pair] });
      expect(best.bestEpoch).toBe(0);
      // oxlint-disable-next-line no-await-in-loop -- one fit after the other
      expect(await weightsOf(one.model)).toEqual(seen[0]);
      expect(one.binding.step).toBe(6);
    }
  });

  test('batches of a training that was saved belong to the one that goes on', async () => {
    const whole = begin(3);
    const xy = [tf.ones([4, 3]), tf.zeros([4, 2])] as const;
    for (let t = 0; t < 2; t++) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      await whole.model.trainOnBatch(...xy);
    }
    const bytes = await trainingToBytes({ weights: whole.model, binding: whole.binding });
    const resumed = begin(3);
    trainingFromBytes(bytes, { weights: resumed.model, binding: resumed.binding });
    await resumed.fit({ epochs: 1, callbacks: learningRateCallback(resumed.binding) });
    // Two of old and four of new make two updates.
    expect(resumed.binding.step).toBe(2);
    resumed.binding.finish();
    trainingFromBytes(bytes, { weights: resumed.model, binding: resumed.binding });
    resumed.binding.finish();
    expect(resumed.binding.step).toBe(0);
    tf.dispose([...xy]);
  });
});

test('a controller that counts updates hears one mean for each, not each batch', async () => {
  const plateau = { use: reduceOnPlateau({ monitor: 'batchLoss', reduceFactor: 0.5, patience: 0, threshold: 0.99 }) };
  const one = begin(1);
  one.binding.detach();
  const binding = one.bind(
    { learningRate: { schedule: 0.5, controllers: { plateau } } },
    { hooks: [accumulateGradients(2)] },
  );
  const losses: number[] = [];
  const recorder = new layers.CustomCallback({ onBatchEnd: (_, logs) => void losses.push(logs!['loss']!) });
  await one.fit({ epochs: 2, callbacks: [recorder, learningRateCallback(binding)] });
  // Eight batches, four updates: the first report is the best so far, three halve.
  expect(binding.scheduler.values().learningRate).toBe(0.5 ** 4);
  expect(losses).toHaveLength(8);
  const state = binding.scheduler.state().controllers['learningRate/plateau'] as { best: number };
  expect(state.best).toBe((losses[0]! + losses[1]!) / 2);
});

test('lists of variables that take turns lose nothing of what was gathered', () => {
  const [a, b] = [0, 1].map(() => tf.variable(tf.scalar(0)));
  const optimizer = tf.train.sgd(1);
  const one = fitted();
  made.push(one, a!, b!, optimizer);
  const hooks = [accumulateGradients(2)];
  one.model.optimizer = optimizer;
  one.bind(1, { hooks });
  const gradient = tf.scalar(1);
  for (const variable of [a!, b!]) optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
  gradient.dispose();
  // One update of the mean over two batches, in each of which one of them had a gradient.
  expect([a!.dataSync()[0], b!.dataSync()[0]]).toEqual([-0.5, -0.5]);
});

test('refusals', () => {
  expect(refusal(() => accumulateGradients(2, { leftover: 'keep' } as never))).toBe(
    'accumulateGradients: leftover must be one of "update", "drop"; received "keep"',
  );
  expect(refusal(() => reduceLROnPlateau(undefined as never))).toContain('a model that is compiled');
});
