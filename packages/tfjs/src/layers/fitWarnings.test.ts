import { constant, cosineDecay, multiStepDecay, reduceOnPlateau, warmup, type Plan, type PlanLike } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { fitted, type Fitted } from '../../test/fits.ts';
import type { BindOptions } from '../index.ts';
import { accumulateGradients, decoupledWeightDecay, parameterGroups } from '../ops/index.ts';
import { learningRateCallback, reduceLROnPlateau } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const begin = (optimizer?: tf.Optimizer): Fitted => {
  const one = fitted(optimizer);
  made.push(one);
  return one;
};

/** What is heard in a fit of so many epochs, each of four updates. */
async function heardIn(
  epochs: number,
  plan: PlanLike,
  options: BindOptions = {},
  optimizer?: tf.Optimizer,
): Promise<string[]> {
  const one = begin(optimizer);
  const sentences: string[] = [];
  const callback = learningRateCallback(one.bind(plan, options), { warn: (sentence) => void sentences.push(sentence) });
  await one.fit({ epochs, callbacks: callback });
  return sentences;
}

const cosine = (decaySteps: number): PlanLike => cosineDecay({ initValue: 0.1, decaySteps });

describe('a schedule that ends elsewhere than fit', () => {
  test.each<[string, PlanLike, string]>([
    ['later', cosine(100), 'learningRate ends at step 100 and this fit at 12: it stops on the way'],
    ['much earlier', cosine(4), 'learningRate ends at step 4 and this fit at 12: until then it stays at 0'],
    [
      'earlier, at a floor',
      cosineDecay({ initValue: 0.5, decaySteps: 4, endValue: 0.25 }),
      'learningRate ends at step 4 and this fit at 12: until then it stays at 0.25',
    ],
    [
      'a warm-up that is longer than fit',
      warmup({ warmupSteps: 50, schedule: 0.1 }),
      'learningRate ends at step 50 and this fit at 12: it stops on the way',
    ],
    [
      'the last step of a staircase',
      multiStepDecay({ initValue: 0.1, boundaries: [4, 16], dropFactor: 0.1 }),
      'learningRate ends at step 16 and this fit at 12: it stops on the way',
    ],
    [
      'any track',
      { learningRate: 0.1, momentum: cosineDecay({ initValue: 0.9, decaySteps: 30 }) },
      'momentum ends at step 30 and this fit at 12: it stops on the way',
    ],
  ])('%s', async (_, plan, sentence) => {
    const optimizer = tf.train.momentum(1, 0.9);
    expect(await heardIn(3, plan, {}, optimizer)).toEqual([`learningRateCallback: ${sentence}`]);
  });

  test('a group, on its own clock', async () => {
    const optimizer = parameterGroups({ optimizer: () => tf.train.sgd(1), groups: { all: /./ } });
    const plan: Plan = {
      learningRate: 0.1,
      groups: { all: { from: 4, learningRate: cosineDecay({ initValue: 0.1, decaySteps: 20 }) } },
    };
    expect(await heardIn(3, plan, {}, optimizer)).toEqual([
      'learningRateCallback: groups/all/learningRate ends at step 24 and this fit at 12: it stops on the way',
    ]);
  });

  test.each<[string, PlanLike, BindOptions?]>([
    ['of its length', cosine(12)],
    ['one update longer than its end', cosine(11)],
    ['without an end', constant({ value: 0.1 })],
    ['a number', 0.1],
    ['that rises to its end', warmup({ warmupSteps: 4, schedule: 0.1 })],
    ['a staircase that is over', multiStepDecay({ initValue: 0.1, boundaries: [2, 4], dropFactor: 0.1 })],
    ['a bare function, which need know no more than its run', (t: number) => '123456789012'[t]!.length],
    ['of updates made of several batches', cosine(4), { hooks: [accumulateGradients(3)] }],
    ['that has run for a while', cosine(112), { startStep: 100 }],
    [
      'with decay',
      { learningRate: cosineDecay({ initValue: 0.1, decaySteps: 12 }), weightDecay: 0.1 },
      { hooks: [decoupledWeightDecay()] },
    ],
  ])('nothing is said of one %s', async (_, plan, options) => {
    expect(await heardIn(3, plan, options)).toEqual([]);
  });

  test('nothing is said of one that was led away by hand, nor where the length is unknown', async () => {
    const one = begin();
    const sentences: string[] = [];
    const binding = one.bind(cosine(100));
    const callback = learningRateCallback(binding, { warn: (sentence) => void sentences.push(sentence) });
    await one.fitDataset({ epochs: 1, callbacks: callback }, NaN);
    binding.scheduler.anneal({ steps: 4, endFactor: 0 });
    await one.fit({ epochs: 1, callbacks: callback });
    expect(sentences).toEqual([]);
  });
});

describe('controllers to which nothing is reported', () => {
  const plateau = { use: reduceOnPlateau({}) };
  const plan: Plan = { learningRate: { schedule: 0.1, controllers: { plateau } } };
  const listening = (one: Fitted, of: Plan, sentences: string[]): ReturnType<typeof learningRateCallback> =>
    learningRateCallback(one.bind(of), { report: false, warn: (sentence) => void sentences.push(sentence) });

  test('are named once, though two fits report nothing', async () => {
    const [one, sentences]: [Fitted, string[]] = [begin(), []];
    const callbacks = listening(one, plan, sentences);
    await one.fit({ epochs: 2, callbacks });
    await one.fit({ epochs: 2, callbacks });
    expect(sentences).toEqual([
      'learningRateCallback: this fit has reported nothing to learningRate/plateau; leave report: false out, or call binding.report',
    ]);
  });

  test('are not where somebody reports, nor where none listens', async () => {
    const [one, other, sentences]: [Fitted, Fitted, string[]] = [begin(), begin(), []];
    const callback = listening(one, plan, sentences);
    const onEpochEnd = (_: number, logs?: layers.Logs): void => callback.binding!.report({ loss: logs!['loss']! });
    await one.fit({ epochs: 2, callbacks: [callback, new layers.CustomCallback({ onEpochEnd })] });
    const closed: Plan = { learningRate: { schedule: 0.1, controllers: { plateau: { ...plateau, from: 1000 } } } };
    await other.fit({ epochs: 2, callbacks: listening(other, closed, sentences) });
    expect(sentences).toEqual([]);
  });
});

test('one warning, however often fit is called for an epoch, to the console unless told where', async () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const one = begin();
  const binding = one.bind(cosine(100));
  for (let epoch = 0; epoch < 3; epoch++) {
    const args = { initialEpoch: epoch, epochs: epoch + 1 };
    // oxlint-disable-next-line no-await-in-loop -- one epoch after the other
    await one.fit({ ...args, callbacks: learningRateCallback(binding) });
  }
  const silent = begin();
  await silent.fit({ epochs: 1, callbacks: learningRateCallback(silent.bind(cosine(100)), { warn: false }) });
  const plateau = begin();
  await plateau.fit({ epochs: 1, callbacks: reduceLROnPlateau(plateau.model.optimizer, { monitor: 'loss' }) });
  const { calls } = said.mock;
  said.mockRestore();
  expect(calls).toEqual([
    ['learningRateCallback: learningRate ends at step 100 and this fit at 4: it stops on the way'],
  ]);
});
