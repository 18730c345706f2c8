import { constant, parsePlan, reduceOnPlateau, stepDecay, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { failure, fitted, type Fitted } from '../../test/fits.ts';
import { weightsOf } from '../../test/mlp.ts';
import type { Binding } from '../index.ts';
import { accumulateGradients } from '../ops/index.ts';
import { trainingFromBytes, trainingToBytes } from '../training/index.ts';
import { callbackList, learningRateCallback, reduceLROnPlateau } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const begin = (optimizer?: tf.Optimizer): Fitted => {
  const one = fitted(optimizer);
  made.push(one);
  return one;
};

const another =
  'its binding drives another optimizer than that of the model in fit, which was compiled anew or is another; bind model.optimizer after compile';

describe('a fit with another optimizer is refused before its first batch', () => {
  const plateau = { use: reduceOnPlateau({}) };
  /** Every callback with a binding, and the name in the sentence. */
  const callbacks: readonly (readonly [string, (one: Fitted) => layers.CustomCallback])[] = [
    ['learningRateCallback', (one) => learningRateCallback(one.bind(0.5))],
    [
      'learningRateCallback',
      (one) => learningRateCallback(one.bind({ learningRate: { schedule: 0.5, controllers: { plateau } } })),
    ],
    ['reduceLROnPlateau', (one) => reduceLROnPlateau(one.model.optimizer, { monitor: 'loss' })],
  ];
  const ways: Readonly<Record<string, (one: Fitted, callback: layers.CustomCallback) => Promise<unknown>>> = {
    'fit, compiled anew': (one, callback) => {
      one.compile();
      return one.fit({ epochs: 2, callbacks: callback });
    },
    'fitDataset, compiled anew': (one, callback) => {
      one.compile();
      return one.fitDataset({ epochs: 2, callbacks: callback });
    },
    'compiled anew with another class': (one, callback) => {
      one.compile(tf.train.adam(0.1));
      return one.fit({ epochs: 2, callbacks: callback });
    },
    'an optimizer put in the place': (one, callback) => {
      one.model.optimizer = tf.train.sgd(0.1);
      return one.fit({ epochs: 2, callbacks: callback });
    },
    'compiled anew between two fits': async (one, callback) => {
      await one.fit({ epochs: 2, callbacks: callback });
      one.compile();
      return one.fit({ epochs: 2, callbacks: callback });
    },
    'another model': (_, callback) => begin().fit({ epochs: 2, callbacks: callback }),
    'in a list': (one, callback) => {
      one.compile();
      return one.fit({ epochs: 2, callbacks: [layers.callbacks.earlyStopping({ monitor: 'loss' }), callback] });
    },
    'in a callbackList': (one, callback) => {
      one.compile();
      const list = callbackList(layers.callbacks.earlyStopping({ monitor: 'loss' }), callback, {
        onEpochEnd: () => undefined,
      });
      return one.fit({ epochs: 2, callbacks: list });
    },
  };
  test.each(callbacks.flatMap(([name, make]) => Object.keys(ways).map((way) => [name, way, make] as const)))(
    '%s: %s',
    async (name, way, make) => {
      const one = begin();
      const callback = make(one);
      expect(await failure(ways[way]!(one, callback))).toBe(`${name}: ${another}`);
    },
  );

  test('and nothing is trained', async () => {
    const one = begin();
    const callback = learningRateCallback(one.bind(0.5));
    one.compile();
    const before = await weightsOf(one.model);
    await failure(one.fit({ epochs: 2, callbacks: callback }));
    expect(await weightsOf(one.model)).toEqual(before);
    expect(await failure(one.fit({ epochs: 1 }))).toBe('nothing failed');
  });

  test('compiled anew with the same optimizer is the same training', async () => {
    const one = begin();
    const binding = one.bind(0.5);
    one.compile(one.model.optimizer);
    await one.fit({ epochs: 2, callbacks: learningRateCallback(binding) });
    expect(binding.step).toBe(8);
  });

  test('a detached binding, and one that a newer has followed', async () => {
    const one = begin();
    const [first, plateau] = [one.bind(0.5), { monitor: 'loss' }];
    first.detach();
    const detached = 'its binding is detached; bind model.optimizer anew';
    const callback = learningRateCallback(first);
    expect(await failure(one.fit({ epochs: 1, callbacks: callback }))).toBe(`learningRateCallback: ${detached}`);
    const second = reduceLROnPlateau(one.model.optimizer, plateau);
    expect(await failure(one.fit({ epochs: 1, callbacks: callback }))).toBe(`learningRateCallback: ${detached}`);
    second.binding.detach();
    expect(await failure(one.fit({ epochs: 1, callbacks: second }))).toBe(`reduceLROnPlateau: ${detached}`);
  });
});

test('two callbacks that report for one binding would count every epoch twice', async () => {
  const one = begin();
  const plateau = reduceLROnPlateau(one.model.optimizer, { monitor: 'loss' });
  const twice = 'two callbacks of this fit report for one binding; leave one out';
  const lists = [
    [plateau, learningRateCallback(plateau.binding)],
    [plateau, plateau],
  ];
  for (const callbacks of lists) {
    // oxlint-disable-next-line no-await-in-loop -- one fit after the other
    expect(await failure(one.fit({ epochs: 1, callbacks }))).toContain(twice);
  }
  await one.fit({ epochs: 1, callbacks: plateau });
  await one.fit({ epochs: 1, callbacks: learningRateCallback(plateau.binding) });
});

describe('initialEpoch', () => {
  // Four updates an epoch: the rate of epoch e is 2^−e.
  const staircase = (): Plan => ({ learningRate: stepDecay({ initValue: 1, dropFactor: 0.5, dropSteps: 4 }) });
  const ran = async (running: Promise<layers.History>): Promise<unknown> => (await running).history['lr'];

  test.each(['fit', 'fitDataset'] as const)('%s moves a binding that has made no update', async (method) => {
    const one = begin();
    const binding = one.bind(staircase());
    const args = { initialEpoch: 4, epochs: 6, callbacks: learningRateCallback(binding) };
    expect(await ran(one[method](args))).toEqual([2 ** -4, 2 ** -5]);
    expect([binding.step, one.model.optimizer.iterations]).toEqual([24, 8]);
  });

  test('durations in epochs and controllers with a window move along', async () => {
    const plateau = { use: { type: 'reduceOnPlateau', reduceFactor: 0.5, patience: 0, threshold: 0.9 }, from: '4ep' };
    const schedule = { type: 'stepDecay', initValue: 1, dropFactor: 0.5, dropSteps: '1ep' };
    const plan = parsePlan({ learningRate: { schedule, controllers: { plateau } } }, { stepsPerEpoch: 4 });
    const one = begin();
    const callback = learningRateCallback(one.bind(plan));
    // The first report within the window is the best so far, every later one halves.
    expect(await ran(one.fit({ initialEpoch: 3, epochs: 7, callbacks: callback }))).toEqual(
      [3, 4, 6, 8].map((halvings) => 2 ** -halvings),
    );
  });

  test('a fit that goes on with the next epoch leaves the schedule where it is, whatever the batches are', async () => {
    const one = begin();
    const binding = one.bind(staircase());
    await one.fit({ epochs: 2, callbacks: learningRateCallback(binding) });
    const args = { initialEpoch: 2, epochs: 4, batchSize: 8, callbacks: learningRateCallback(binding) };
    expect(await ran(one.fit(args))).toEqual([2 ** -2, 2 ** -2]);
    expect(binding.step).toBe(12);
  });

  test('so does one whose step is the right one: after bare fits, or told by startStep', async () => {
    const one = begin();
    const binding = one.bind(staircase());
    await one.fit({ epochs: 2 });
    expect(await ran(one.fit({ initialEpoch: 2, epochs: 3, callbacks: learningRateCallback(binding) }))).toEqual([
      0.25,
    ]);
    binding.detach();
    const told = one.bind(staircase(), { startStep: 16 });
    expect(await ran(one.fit({ initialEpoch: 4, epochs: 5, callbacks: learningRateCallback(told) }))).toEqual([
      2 ** -4,
    ]);
  });

  test('epoch 0 goes on where the schedule stands', async () => {
    const one = begin();
    const callback = learningRateCallback(one.bind(staircase()));
    for (let epoch = 0; epoch < 3; epoch++) {
      // oxlint-disable-next-line no-await-in-loop -- one fit after the other
      expect(await ran(one.fit({ epochs: 1, callbacks: callback }))).toEqual([2 ** -epoch]);
    }
  });

  test('a step that does not belong to the epoch is refused, unless the epoch is told to mean nothing', async () => {
    const one = begin();
    const binding = one.bind(staircase());
    await one.fit({ epochs: 2 });
    const args = { initialEpoch: 4, epochs: 6 };
    expect(await failure(one.fit({ ...args, callbacks: learningRateCallback(binding) }))).toBe(
      'learningRateCallback: fit begins at epoch 4, which is step 16 of the schedule, and the binding stands at step 8; give bindOptimizer the startStep, or pass initialEpoch: "ignore" to go on from step 8',
    );
    const ignoring = learningRateCallback(binding, { initialEpoch: 'ignore' });
    expect(await ran(one.fit({ ...args, callbacks: ignoring }))).toEqual([2 ** -2, 2 ** -3]);
  });

  test('a training that was put back begins again at the epoch that it was put back to', async () => {
    const one = begin();
    const binding = one.bind(staircase());
    const callback = learningRateCallback(binding);
    await one.fit({ epochs: 2, callbacks: callback });
    const state = binding.state();
    await one.fit({ initialEpoch: 2, epochs: 4, callbacks: callback });
    binding.restore(state);
    expect(await ran(one.fit({ initialEpoch: 2, epochs: 3, callbacks: callback }))).toEqual([0.25]);
    binding.restore(state);
    expect(await failure(one.fit({ initialEpoch: 4, epochs: 5, callbacks: callback }))).toContain('stands at step 8');
  });

  test('a generator says nothing about its length: refused, but for the next epoch and a step of its own', async () => {
    const one = begin();
    const binding = one.bind(staircase());
    const args = { initialEpoch: 4, epochs: 5 };
    expect(await failure(one.fitDataset({ ...args, callbacks: learningRateCallback(binding) }, NaN))).toContain(
      'which is a step that cannot be told without its length',
    );
    const ignoring = learningRateCallback(binding, { initialEpoch: 'ignore' });
    expect(await ran(one.fitDataset({ ...args, callbacks: ignoring }, NaN))).toEqual([1]);
    const next = { initialEpoch: 5, epochs: 6, callbacks: learningRateCallback(binding) };
    expect(await ran(one.fitDataset(next, NaN))).toEqual([0.5]);
    const batches = {
      batchesPerEpoch: 2,
      initialEpoch: 4,
      epochs: 5,
      callbacks: learningRateCallback(begin().bind(1)),
    };
    expect(await failure(one.fitDataset(batches, NaN))).toContain(another);
  });

  test('counts updates, not batches, where several batches make one', async () => {
    const one = begin();
    const binding = one.bind(staircase(), { hooks: [accumulateGradients(2)] });
    // Two updates an epoch: epoch 4 begins at step 8, where the rate is a quarter.
    const args = { initialEpoch: 4, epochs: 6, callbacks: learningRateCallback(binding) };
    expect(await ran(one.fit(args))).toEqual([2 ** -2, 2 ** -2]);
    expect(binding.step).toBe(12);
  });

  test.each(['update', 'drop'] as const)('batches left over at the epoch: %s, or still held', async (leftover) => {
    // Four batches an epoch, three for an update: epoch 1 begins within the second update.
    const make = (): { one: Fitted; binding: Binding } => {
      const one = begin();
      return { one, binding: one.bind(staircase(), { hooks: [accumulateGradients(3, { leftover })] }) };
    };
    const saved = make();
    let bytes: Uint8Array | undefined;
    const saving = new layers.CustomCallback({
      onEpochEnd: async (epoch) => {
        if (epoch === 0) bytes = await trainingToBytes({ weights: saved.one.model, binding: saved.binding });
      },
    });
    await saved.one.fit({ epochs: 2, callbacks: [saving, learningRateCallback(saved.binding, { warn: false })] });
    const resumed = make();
    trainingFromBytes(bytes!, { weights: resumed.one.model, binding: resumed.binding });
    expect(resumed.binding.step).toBe(1);
    const args = { initialEpoch: 1, epochs: 2, callbacks: learningRateCallback(resumed.binding, { warn: false }) };
    await resumed.one.fit(args);
    expect(resumed.binding.step).toBe(saved.binding.step);
    expect(await weightsOf(resumed.one.model)).toEqual(await weightsOf(saved.one.model));
    // A whole fit up to the epoch has ended what was left over.
    const ended = make();
    await ended.one.fit({ epochs: 1, callbacks: learningRateCallback(ended.binding, { warn: false }) });
    await ended.one.fit({ ...args, callbacks: learningRateCallback(ended.binding, { warn: false }) });
    expect(ended.binding.step).toBe(leftover === 'update' ? 4 : 2);
  });

  test('reduceLROnPlateau has no schedule to move', async () => {
    const one = begin(tf.train.sgd(0.5));
    const callback = reduceLROnPlateau(one.model.optimizer, {
      monitor: 'loss',
      patience: 1,
      minDelta: 100,
      factor: 0.5,
    });
    expect(await ran(one.fit({ initialEpoch: 7, epochs: 10, callbacks: callback }))).toEqual([0.5, 0.5, 0.25]);
    expect(await ran(one.fit({ initialEpoch: 2, epochs: 3, callbacks: callback }))).toEqual([0.125]);
  });

  test('a constant rate moves its step all the same', async () => {
    const one = begin();
    const binding = one.bind(constant({ value: 0.5 }));
    await one.fit({ initialEpoch: 3, epochs: 4, callbacks: learningRateCallback(binding) });
    expect(binding.step).toBe(16);
  });
});
