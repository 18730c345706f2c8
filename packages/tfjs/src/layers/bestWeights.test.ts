import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { failure, fitted, type Fitted } from '../../test/fits.ts';
import { weightsOf } from '../../test/mlp.ts';
import { refusal } from '../../test/refusal.ts';
import {
  bestWeights,
  callbackList,
  learningRateCallback,
  reduceLROnPlateau,
  type BestWeightsOptions,
} from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

/** Writes given values of a metric into the logs of the epochs, before others see them. */
const scripted = (monitor: string, values: readonly number[]): layers.CustomCallback =>
  new layers.CustomCallback({
    onEpochEnd: (epoch, logs) => {
      logs![monitor] = values[epoch]!;
    },
  });

/** Keeps a copy of the weights of every epoch. */
function recorder(one: Fitted): { callback: layers.CustomCallback; weights: number[][][] } {
  const weights: number[][][] = [];
  const callback = new layers.CustomCallback({ onEpochEnd: async () => void weights.push(await weightsOf(one.model)) });
  return { callback, weights };
}

describe.each(['fit', 'fitDataset'] as const)('%s', (method) => {
  test.each<[string, BestWeightsOptions, readonly number[], number]>([
    ['the last', {}, [3, 2, 1], 2],
    ['the first', {}, [1, 2, 3], 0],
    ['the first of several', {}, [2, 1, 1, 1], 1],
    ['the highest', { mode: 'max' }, [1, 3, 2], 1],
    ['the least that improves by enough', { minDelta: 0.5 }, [3, 2.75, 2.4, 2.3], 2],
    ['past NaN and Infinity', {}, [NaN, Infinity, 2, NaN, 3], 2],
  ])('the model ends with the weights of the best epoch: %s', async (_, options, values, expected) => {
    const one = open(fitted(tf.train.sgd(0.1)));
    const { callback, weights } = recorder(one);
    const best = bestWeights({ monitor: 'val_loss', ...options });
    const callbacks = [callback, scripted('val_loss', values), best];
    await one[method]({ epochs: values.length, callbacks });
    expect([best.bestEpoch, best.best, best.stoppedEpoch]).toEqual([expected, values[expected], undefined]);
    expect(await weightsOf(one.model)).toEqual(weights[expected]);
    expect(weights[expected]).not.toEqual(weights[(expected + 1) % values.length]);
  });
});

describe('patience', () => {
  // tfjs's own EarlyStopping says where to stop.
  test.each([
    { values: [3, 2, 2, 2, 1, 0], patience: 2 },
    { values: [3, 2, 2, 2, 1, 0], patience: 1 },
    { values: [3, 2, 2, 1, 1, 1, 1, 0], patience: 3 },
    { values: [1, 0.95, 0.9, 0.85, 0.8], patience: 2, minDelta: 0.075 },
    { values: [0.1, 0.3, 0.2, 0.2, 0.9], patience: 2, mode: 'max' as const },
    { values: [NaN, NaN, NaN, 1], patience: 2 },
    { values: [5, 4, 3], patience: 1 },
  ])('stops where tfjs stops: %o', async ({ values, ...options }) => {
    const stops = async (stopper: object): Promise<number> => {
      const one = open(fitted(tf.train.sgd(0.1)));
      const callbacks = [scripted('val_loss', values), stopper as layers.CustomCallback];
      return (await one.fit({ epochs: values.length, callbacks })).epoch.length;
    };
    const best = bestWeights(options);
    const epochs = await stops(best);
    expect(epochs).toBe(await stops(layers.callbacks.earlyStopping({ monitor: 'val_loss', ...options })));
    expect(best.stoppedEpoch).toBe(epochs < values.length ? epochs - 1 : undefined);
  });

  test('a metric that never is a number leaves the weights as they are', async () => {
    const one = open(fitted(tf.train.sgd(0.1)));
    const { callback, weights } = recorder(one);
    const best = bestWeights({ monitor: 'x', mode: 'min', patience: 2 });
    await one.fit({ epochs: 5, callbacks: [callback, scripted('x', [NaN, NaN, NaN, NaN, NaN]), best] });
    expect([best.best, best.bestEpoch, best.stoppedEpoch]).toEqual([undefined, undefined, 1]);
    expect(await weightsOf(one.model)).toEqual(weights[1]);
    best.restoreWeights();
    expect(await weightsOf(one.model)).toEqual(weights[1]);
  });
});

test('restore: false keeps them for later, and dispose frees them', async () => {
  const one = open(fitted(tf.train.sgd(0.1)));
  const { callback, weights } = recorder(one);
  const best = bestWeights({ restore: false });
  await one.fit({ epochs: 1 });
  const { numTensors } = tf.memory();
  await one.fit({ epochs: 3, callbacks: [callback, scripted('val_loss', [2, 1, 3]), best] });
  expect(await weightsOf(one.model)).toEqual(weights[2]);
  expect(tf.memory().numTensors).toBe(numTensors + one.model.weights.length);
  for (let again = 0; again < 2; again++) {
    best.restoreWeights();
    // oxlint-disable-next-line no-await-in-loop -- twice the same
    expect(await weightsOf(one.model)).toEqual(weights[1]);
    // oxlint-disable-next-line no-await-in-loop -- twice the same
    await one.fit({ epochs: 1 });
  }
  best.dispose();
  expect(tf.memory().numTensors).toBe(numTensors);
});

test('each fit begins anew, and none leaves a tensor behind', async () => {
  const one = open(fitted(tf.train.sgd(0.1)));
  const best = bestWeights({ monitor: 'loss', patience: 3 });
  const callbacks = [scripted('loss', [1, 2, 3]), best];
  await one.fit({ epochs: 3, callbacks });
  const { numTensors } = tf.memory();
  await one.fit({ epochs: 3, callbacks });
  expect([best.bestEpoch, best.stoppedEpoch, tf.memory().numTensors]).toEqual([0, undefined, numTensors]);
});

test('a fit that fails: the best weights are still there', async () => {
  const one = open(fitted(tf.train.sgd(0.1)));
  const { callback, weights } = recorder(one);
  const best = open(bestWeights({ monitor: 'loss' }));
  const fails = new layers.CustomCallback({
    onEpochEnd: (epoch) => (epoch === 2 ? Promise.reject(new Error('no more')) : undefined),
  });
  const callbacks = [callback, scripted('loss', [2, 1, 0]), best, fails];
  expect(await failure(one.fit({ epochs: 3, callbacks }))).toBe('no more');
  best.restoreWeights();
  expect(await weightsOf(one.model)).toEqual(weights[2]);
});

describe('beside other callbacks', () => {
  test('in any order: the plateau cuts the rate, this keeps the best epoch, and logs hold the rate', async () => {
    const values = [3, 2, 2, 2, 2, 2];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const one = open(fitted(tf.train.sgd(0.5)));
      const best = bestWeights({ monitor: 'loss', patience: 4 });
      const plateau = reduceLROnPlateau(one.model.optimizer, { monitor: 'loss', patience: 2, factor: 0.5 });
      const recorded: unknown[] = [];
      const all = [plateau, best, { onEpochEnd: (_: number, logs: layers.Logs) => void recorded.push(logs['lr']) }];
      const listed = callbackList(scripted('loss', values), ...order.map((i) => all[i]!));
      // oxlint-disable-next-line no-await-in-loop -- one fit after the other
      const { history } = await one.fit({ epochs: 6, callbacks: listed });
      // The scripted loss stands after what writes logs; the plateau then reads what the model made of it, so only the rate is compared.
      expect(recorded).toEqual(history['lr']);
      expect([best.bestEpoch, best.stoppedEpoch, history['lr']!.length]).toEqual([1, 5, 6]);
    }
  });

  test('a metric of the validation data, from a fit that validates', async () => {
    const one = open(fitted(tf.train.sgd(0.1)));
    const { callback, weights } = recorder(one);
    const best = bestWeights({ monitor: 'val_acc' });
    const validationData: [tf.Tensor, tf.Tensor] = [open(tf.ones([4, 3])), open(tf.ones([4, 2]))];
    const { history } = await one.fit({ epochs: 4, validationData, callbacks: [callback, best] });
    const accuracies = history['val_acc'] as number[];
    expect(best.best).toBe(Math.max(...accuracies));
    expect(best.bestEpoch).toBe(accuracies.indexOf(Math.max(...accuracies)));
    expect(await weightsOf(one.model)).toEqual(weights[best.bestEpoch!]);
  });

  test('the page breathes, and a metric is read once an epoch', async () => {
    const one = open(fitted(tf.train.sgd(0.1)));
    await one.fit({ epochs: 1 });
    const read = vi.spyOn(tf.Tensor.prototype, 'data');
    await one.fit({ epochs: 3, callbacks: bestWeights({ monitor: 'loss', yieldEvery: 'never' }) });
    const reads = read.mock.calls.length;
    read.mockRestore();
    // History reads two metrics of three epochs; this one metric of each.
    expect(reads).toBe(9);
  });
});

describe('refusals', () => {
  test.each<[unknown, string]>([
    [{ patience: 0 }, 'bestWeights: patience must be an integer >= 1; received 0'],
    [{ patience: 1.5 }, 'patience must be an integer >= 1'],
    [{ monitor: 'reward' }, 'bestWeights: mode must be "min" or "max" for the metric "reward"'],
    [{ mode: 'lowest' }, 'mode must be one of "auto", "min", "max"; received "lowest"'],
    [{ min_delta: 1 }, 'bestWeights: unknown option "min_delta", write minDelta'],
    [{ restoreBestWeights: true }, 'bestWeights: unknown option "restoreBestWeights"'],
    [{ minDelta: -1 }, 'minDelta must be'],
    [
      5,
      'bestWeights: options must be an object { monitor, mode, minDelta, patience, restore, yieldEvery }; received 5',
    ],
    ['val_loss', 'bestWeights: options must be an object'],
  ])('%j', (options, sentence) => {
    expect(refusal(() => bestWeights(options as never))).toContain(sentence);
  });

  test('a metric that is not in the logs', async () => {
    const one = open(fitted(tf.train.sgd(0.1)));
    const callbacks = [learningRateCallback(one.bind(0.1)), bestWeights()];
    expect(await failure(one.fit({ epochs: 1, callbacks }))).toBe(
      'bestWeights: it monitors "val_loss"; the logs hold loss, acc, lr',
    );
  });
});
