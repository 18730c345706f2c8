import { cosineDecay, reduceOnPlateau, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { onDevice, useBackend } from '../../test/backend.ts';
import { batchAt, makeModel } from '../../test/mlp.ts';
import { refusal } from '../../test/refusal.ts';
import { bindOptimizer, type Binding } from '../index.ts';
import { callbackList, learningRateCallback, reduceLROnPlateau, stepsPerEpoch, totalSteps } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const schedule = cosineDecay({ initValue: 0.1, decaySteps: 12 });
const rates = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => Math.fround(schedule(from + i)));

/** A compiled model and 16 samples: at batch size 4, four updates an epoch. */
function begin(plan: Plan = { learningRate: schedule }): {
  model: layers.Sequential;
  xs: tf.Tensor;
  ys: tf.Tensor;
  binding: Binding;
} {
  const model = open(makeModel());
  model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
  const [xs, ys] = batchAt(0, 16).map(open);
  return { model, xs: xs!, ys: ys!, binding: bindOptimizer(model.optimizer, plan) };
}

const fit = { epochs: 3, batchSize: 4, shuffle: false };

describe('learningRateCallback', () => {
  test('History holds the rate of the last update of each epoch', async () => {
    const { model, xs, ys, binding } = begin();
    const { history } = await model.fit(xs, ys, { ...fit, callbacks: learningRateCallback(binding) });
    expect(history['lr']).toEqual([3, 7, 11].map((t) => Math.fround(schedule(t))));
    expect(history['loss']).toHaveLength(3);
  });

  test('several calls of fit go on in the same schedule', async () => {
    const { model, xs, ys, binding } = begin();
    const seen: unknown[] = [];
    for (let epoch = 0; epoch < 3; epoch++) {
      // oxlint-disable-next-line no-await-in-loop -- one epoch after the other
      const { history } = await model.fit(xs, ys, {
        ...fit,
        epochs: epoch + 1,
        initialEpoch: epoch,
        callbacks: learningRateCallback(binding, { warn: false }),
      });
      seen.push(...history['lr']!);
    }
    expect(seen).toEqual([3, 7, 11].map((t) => Math.fround(schedule(t))));
  });

  test('leaves no tensor behind, and reads no loss back unless asked to', async () => {
    const { model, xs, ys, binding } = begin();
    await model.fit(xs, ys, { ...fit, epochs: 1, callbacks: learningRateCallback(binding, { warn: false }) });
    const { numTensors } = tf.memory();
    const read = vi.spyOn(tf.Tensor.prototype, 'data');
    await model.fit(xs, ys, { ...fit, epochs: 2, callbacks: learningRateCallback(binding, { yieldEvery: 'never' }) });
    const reads = read.mock.calls.length;
    read.mockRestore();
    expect(tf.memory().numTensors).toBe(numTensors);
    // History reads one loss per epoch; twelve batches would be eight more.
    expect(reads).toBe(2);
  });

  test('fitDataset: the same rates, and batch logs hold the rate of their update', async () => {
    const { model, binding } = begin();
    const seen: number[] = [];
    const dataset = {
      size: 4,
      async iterator() {
        let t = 0;
        return {
          next: async () => {
            const done = t >= 4;
            const [xs, ys] = done ? [] : batchAt(t++, 4);
            return { done, value: done ? null : { xs, ys } };
          },
        };
      },
    };
    // Stands first and sees the rate nevertheless: batch logs are written when the batch begins.
    const recorder = new layers.CustomCallback({ onBatchEnd: (_, logs) => void seen.push(logs!['lr']!) });
    const { history } = await model.fitDataset(dataset, {
      epochs: 3,
      callbacks: [recorder, learningRateCallback(binding)],
    });
    expect(seen).toEqual(rates(0, 12));
    expect(history['lr']).toEqual([3, 7, 11].map((t) => Math.fround(schedule(t))));
  });

  test.each(['loss', 'val_loss', 'size'])('the rate is not written over %s', async (logKey) => {
    const { model, xs, ys, binding } = begin();
    const args = { ...fit, validationSplit: 0.25, callbacks: learningRateCallback(binding, { logKey }) };
    await expect(model.fit(xs, ys, args)).rejects.toThrow(
      `learningRateCallback: logKey must be another name than batch, size, loss, val_loss; received "${logKey}"`,
    );
    await model.fit(xs, ys, { ...fit, callbacks: learningRateCallback(binding, { logKey: 'rate', warn: false }) });
  });

  test('metrics reach the plan, and a missing one is a sentence', async () => {
    const plateau = { use: reduceOnPlateau({ monitor: 'val_loss', reduceFactor: 0.5, patience: 0, threshold: 0.9 }) };
    const { model, xs, ys, binding } = begin({ learningRate: { schedule: 0.125, controllers: { plateau } } });
    const { history } = await model.fit(xs, ys, {
      ...fit,
      validationData: [xs, ys],
      callbacks: learningRateCallback(binding),
    });
    // Nothing improves by 90 %: after the first report every epoch halves the rate.
    expect(history['lr']).toEqual([0.125, 0.125, 0.0625]);
    await expect(model.fit(xs, ys, { ...fit, callbacks: learningRateCallback(binding) })).rejects.toThrow(
      'learningRateCallback: the plan monitors "val_loss"; the logs hold loss, lr',
    );
  });

  test('a controller hears the losses of the batches or those of the epochs, by the name that it monitors', async () => {
    const heard = async (monitor: string, options = {}): Promise<number> => {
      const plateau = { use: reduceOnPlateau({ monitor, reduceFactor: 0.5, patience: 0, threshold: 0.9 }) };
      const { model, xs, ys, binding } = begin({ learningRate: { schedule: 0.125, controllers: { plateau } } });
      await model.fit(xs, ys, { ...fit, epochs: 2, callbacks: learningRateCallback(binding, options) });
      return Math.log2(0.125 / binding.scheduler.values().learningRate);
    };
    const unreported = { report: false, warn: false } as const;
    // After a first report each halves the rate.
    expect([await heard('batchLoss'), await heard('loss')]).toEqual([7, 1]);
    expect([await heard('batchLoss', unreported), await heard('loss', unreported)]).toEqual([0, 0]);
    await expect(heard('gradientNorm')).rejects.toThrow(
      'learningRateCallback: the plan monitors "gradientNorm"; the logs hold lr, batch, size, loss',
    );
  });

  describe('the page', () => {
    const ticksDuring = async (
      callbackFor: (binding: Binding) => layers.CustomCallback | layers.Callback,
    ): Promise<number> => {
      const { model, xs, ys, binding } = begin();
      let ticks = 0;
      const timer = setInterval(() => ticks++, 0);
      await model.fit(xs, ys, { epochs: 20, batchSize: 4, callbacks: [callbackFor(binding)] });
      clearInterval(timer);
      return ticks;
    };

    test('the page breathes: timers run during fit', async () => {
      const ticks = await ticksDuring((binding) => learningRateCallback(binding, { yieldEvery: 'batch', warn: false }));
      expect(ticks).toBeGreaterThan(10);
    });

    // The day that tfjs yields here, CustomCallback need not be the base class.
    test.skipIf(onDevice)(
      'tfjs: a bare Callback starves the timers (not on webgl and webgpu: to read a loss is to wait for the device)',
      async () => {
        class Bare extends layers.Callback {}
        expect(await ticksDuring(() => new Bare())).toBe(0);
      },
    );
  });
});

describe('callbackList', () => {
  const recorder = (): {
    epochs: (number | undefined)[];
    onEpochEnd(epoch: number, logs?: Record<string, number>): void;
  } => ({
    epochs: [],
    onEpochEnd(_, logs) {
      this.epochs.push(logs?.['lr']);
    },
  });

  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('stands in any order: %i %i %i', async (...order) => {
    const { model, xs, ys, binding } = begin();
    const plain = recorder();
    // Binds this: hooks of plain objects are called on tfjs's own callback.
    const hooks = { onEpochEnd: (epoch: number, logs?: Record<string, number>) => plain.onEpochEnd(epoch, logs) };
    const all = [
      learningRateCallback(binding),
      layers.callbacks.earlyStopping({ monitor: 'loss', patience: 50 }),
      hooks,
    ];
    const { numTensors } = tf.memory();
    await model.fit(xs, ys, { ...fit, callbacks: callbackList(...order.map((i) => all[i]!)) });
    expect(plain.epochs).toEqual([3, 7, 11].map((t) => Math.fround(schedule(t))));
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test.each([
    [[0, 1], 'setParams is not a function'],
    [[1, 0], 'getMonitorValue is not a function'],
  ] as const)('the trap in tfjs: %j alone fails', async (order, sentence) => {
    const { model, xs, ys } = begin();
    const all = [layers.callbacks.earlyStopping({ monitor: 'loss' }), { onEpochEnd: () => undefined }];
    await expect(model.fit(xs, ys, { ...fit, callbacks: order.map((i) => all[i]!) as never })).rejects.toThrow(
      sentence,
    );
  });
});

describe('reduceLROnPlateau', () => {
  /** Keras 3's ReduceLROnPlateau.on_epoch_end, as its documentation and source define it. */
  function keras(
    losses: readonly number[],
    rate: number,
    options: { factor: number; patience: number; minDelta: number; cooldown: number; minLr: number },
  ): number[] {
    let [best, wait, cooling] = [Infinity, 0, 0];
    return losses.map((loss) => {
      const before = rate;
      if (cooling > 0) {
        cooling--;
        wait = 0;
      }
      if (loss < best - options.minDelta) {
        best = loss;
        wait = 0;
      } else if (cooling === 0) {
        wait++;
        if (wait >= options.patience && rate > options.minLr) {
          rate = Math.max(rate * options.factor, options.minLr);
          cooling = options.cooldown;
          wait = 0;
        }
      }
      return before;
    });
  }

  test.each([
    { factor: 0.5, patience: 2, minDelta: 1e-4, cooldown: 0, minLr: 0 },
    { factor: 0.5, patience: 1, minDelta: 0.05, cooldown: 2, minLr: 0 },
    { factor: 0.25, patience: 0, minDelta: 1e-4, cooldown: 3, minLr: 2 ** -6 },
  ])('equals Keras epoch for epoch, beside earlyStopping: %o', async (options) => {
    const model = open(makeModel());
    // The loss goes where the rate and the noise of small batches take it; the reference reads the same numbers.
    model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError' });
    const [xs, ys] = batchAt(0, 16).map(open);
    const { history } = await model.fit(xs!, ys!, {
      epochs: 16,
      batchSize: 4,
      shuffle: false,
      validationData: [xs!, ys!],
      callbacks: [reduceLROnPlateau(model.optimizer, options), layers.callbacks.earlyStopping({ patience: 50 })],
    });
    expect(history['lr']).toEqual(keras(history['val_loss'] as number[], 0.5, options));
    expect(new Set(history['lr']).size).toBeGreaterThan(1);
  });

  // What Keras 3.15.1 does with rising values: the rate stays where the metric shall rise.
  test.each([
    ['acc', 0.125],
    ['val_acc', 0.125],
    ['val_auc', 0.125],
    ['auc_1', 0.125],
    ['val_precision', 0.125],
    ['val_recall', 0.125],
    ['val_f1_score', 0.125],
    ['categoricalAccuracy', 0.125],
    ['r2Score', 0.125],
    ['val_loss', 0.125 / 8],
    ['val_mse', 0.125 / 8],
    ['meanSquaredError', 0.125 / 8],
  ])('mode auto knows where %s goes', async (monitor, expected) => {
    const optimizer = open(tf.train.sgd(0.125));
    const callback = reduceLROnPlateau(optimizer, { monitor, patience: 1, factor: 0.5 });
    for (const value of [0.1, 0.2, 0.3, 0.4]) {
      // oxlint-disable-next-line no-await-in-loop -- one epoch after the other
      await callback.onEpochEnd(0, { [monitor]: value });
    }
    expect(callback.binding.scheduler.values().learningRate).toBe(expected);
  });

  test.each(['accident', 'reward', 'head_loss', 'cosine', 'neg_mse'])('mode auto refuses %s', (monitor) => {
    const optimizer = open(tf.train.sgd(0.125));
    expect(refusal(() => reduceLROnPlateau(optimizer, { monitor }))).toBe(
      `reduceLROnPlateau: mode must be "min" or "max" for the metric "${monitor}", whose direction its name does not tell; received "auto"`,
    );
    expect(reduceLROnPlateau(optimizer, { monitor, mode: 'max' }).binding.learningRate).toBe(0.125);
  });

  test('an accuracy that falls again has stopped improving', async () => {
    const model = open(makeModel());
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError', metrics: ['accuracy'] });
    const [xs, ys] = batchAt(0, 16).map(open);
    const reported = [0.1, 0.2, 0.3, 0.25];
    const callback = reduceLROnPlateau(model.optimizer, { monitor: 'acc', patience: 1, factor: 0.5 });
    const logged: unknown[] = [];
    for (const acc of reported) {
      // oxlint-disable-next-line no-await-in-loop -- one epoch after the other
      await callback.onEpochEnd(0, { acc });
      logged.push(callback.binding.scheduler.state().controllers['learningRate/plateau']);
    }
    tf.dispose([xs!, ys!]);
    expect(logged.map((state) => (state as { factor: number }).factor)).toEqual([1, 1, 1, 0.5]);
  });
});

describe('totalSteps', () => {
  test.each([
    { samples: 10, batchSize: 3, epochs: 2 },
    { samples: 10, batchSize: 3, epochs: 4, initialEpoch: 1, validationSplit: 0.25 },
    { samples: 33, epochs: 2 },
  ])('is the number of updates that fit makes: %o', async ({ samples, ...args }) => {
    const { model, binding } = begin();
    const [xs, ys] = batchAt(0, samples).map(open);
    await model.fit(xs!, ys!, args);
    expect(totalSteps({ samples, ...args })).toBe(binding.step);
  });

  test('fitDataset, epochs, and refusals', () => {
    expect(totalSteps({ batchesPerEpoch: 7, epochs: 5, initialEpoch: 2 })).toBe(21);
    expect(stepsPerEpoch({ samples: 100 })).toBe(4);
    expect(refusal(() => totalSteps({ batchesPerEpoch: 0, epochs: 5 }))).toBe(
      'totalSteps: batchesPerEpoch must be an integer >= 1; received 0',
    );
    expect(refusal(() => totalSteps({ samples: 10, epochs: 1, validationSplit: 1 }))).toContain(
      'validationSplit must be a number in [0, 1); received 1',
    );
  });
});
