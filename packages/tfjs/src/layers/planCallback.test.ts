import { cosineDecay, linear, parsePlan, reduceOnPlateau, stepDecay, warmup, type PlanLike } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { failure, fitted, type Fitted } from '../../test/fits.ts';
import { refusal } from '../../test/refusal.ts';
import { bindOptimizer } from '../index.ts';
import { accumulateGradients, decoupledWeightDecay } from '../ops/index.ts';
import { learningRateCallback, type LearningRateCallbackOptions } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const begin = (optimizer?: tf.Optimizer): Fitted => {
  const one = fitted(optimizer);
  made.push(one);
  return one;
};

const epochRates = async (running: Promise<layers.History>): Promise<unknown> => (await running).history['lr'];

/** Records the rate of every update. */
function rates(): { callback: layers.CustomCallback; seen: number[] } {
  const seen: number[] = [];
  return { callback: new layers.CustomCallback({ onBatchEnd: (_, logs) => void seen.push(logs!['lr']!) }), seen };
}

/** A quarter of the run up, the rest down: for 12 steps 3 and 9. */
const late = warmup({ warmupSteps: '25%', schedule: cosineDecay({ initValue: 0.1, decaySteps: '75%' }) });
const inSteps = (steps: number) =>
  warmup({ warmupSteps: steps / 4, schedule: cosineDecay({ initValue: 0.1, decaySteps: (3 * steps) / 4 }) });

describe('durations relative to the run are those of the fit', () => {
  test.each<[string, (one: Fitted, plan: PlanLike) => Promise<unknown>, number]>([
    ['fit', (one, plan) => one.fit({ epochs: 3, callbacks: learningRateCallback(plan) }), 12],
    [
      'a share held back',
      (one, plan) => one.fit({ epochs: 4, validationSplit: 0.25, callbacks: learningRateCallback(plan) }),
      12,
    ],
    ['fitDataset', (one, plan) => one.fitDataset({ epochs: 2, callbacks: learningRateCallback(plan) }), 8],
    [
      'batchesPerEpoch of a generator',
      (one, plan) => one.fitDataset({ epochs: 4, batchesPerEpoch: 1, callbacks: learningRateCallback(plan) }, NaN),
      4,
    ],
    [
      'several batches for an update',
      (one, plan) =>
        one.fit({ epochs: 3, callbacks: learningRateCallback(plan, { bind: { hooks: [accumulateGradients(3)] } }) }),
      4,
    ],
  ])('%s', async (_, run, steps) => {
    const one = begin();
    await run(one, late);
    const { optimizer } = one.model;
    expect(optimizer.iterations).toBe(steps);
    // The same plan in steps gives the same last rate.
    expect((optimizer as unknown as { learningRate: number }).learningRate).toBe(
      Math.fround(inSteps(steps)(steps - 1)),
    );
  });

  test('every update gets the rate of the plan in steps', async () => {
    const one = begin();
    const { callback, seen } = rates();
    await one.fit({ epochs: 3, callbacks: [learningRateCallback(late), callback] });
    expect(seen).toEqual(Array.from({ length: 12 }, (_, t) => Math.fround(inSteps(12)(t))));
  });

  test('epochs, in a whole plan with a window and decay', async () => {
    const plateau = { use: reduceOnPlateau({ reduceFactor: 0.5, patience: 0, threshold: 0.99 }), from: '1ep' } as const;
    const schedule = stepDecay({ initValue: 1, dropFactor: 0.5, dropSteps: '1ep' });
    const plan = {
      learningRate: { schedule, controllers: { plateau } },
      weightDecay: linear({ initValue: 0.1, decaySteps: '2ep' }),
    };
    const one = begin();
    const callback = learningRateCallback(plan, { bind: { hooks: [decoupledWeightDecay()] }, warn: false });
    expect(callback.binding).toBeUndefined();
    // The report after epoch 0 stands at step 4, in the window; those of epochs 1 and 2 halve.
    expect(await epochRates(one.fit({ epochs: 3, callbacks: callback }))).toEqual([1, 1 / 2, 1 / 8]);
    expect(callback.binding!.values.weightDecay).toBe(0);
  });

  test('a run that goes on at a later epoch has the same length, and begins where that epoch does', async () => {
    const one = begin();
    const { callback, seen } = rates();
    await one.fit({ initialEpoch: 2, epochs: 3, callbacks: [learningRateCallback(late), callback] });
    expect(seen).toEqual([8, 9, 10, 11].map((t) => Math.fround(inSteps(12)(t))));
    const other = begin();
    await other.fitDataset({ initialEpoch: 2, epochs: 3, callbacks: [learningRateCallback(late), callback] });
    expect(seen.slice(4)).toEqual(seen.slice(0, 4));
  });

  test('an optimizer that has run already, told where it stands', async () => {
    const one = begin();
    await one.fit({ epochs: 1 });
    const { callback, seen } = rates();
    expect(await failure(one.fit({ epochs: 3, callbacks: learningRateCallback(late) }))).toBe(
      'bindOptimizer: SGD has already run; give startStep or a state',
    );
    const told = learningRateCallback(late, { bind: { startStep: 'iterations' } });
    await one.fit({ initialEpoch: 1, epochs: 3, callbacks: [told, callback] });
    expect(seen).toEqual(Array.from({ length: 8 }, (_, i) => Math.fround(inSteps(12)(4 + i))));
  });

  test('where the length is unknown the duration is named', async () => {
    const one = begin();
    expect(await failure(one.fitDataset({ epochs: 3, callbacks: learningRateCallback(late) }, NaN))).toBe(
      'bindOptimizer: warmup: warmupSteps "25%" needs a horizon: totalSteps is not known here; give the option horizon, or the plan to learningRateCallback, which knows how long fit is',
    );
    const horizon = { totalSteps: 12 };
    const { callback, seen } = rates();
    await one.fitDataset({ epochs: 3, callbacks: [learningRateCallback(late, { bind: { horizon } }), callback] }, NaN);
    expect(seen[11]).toBe(Math.fround(inSteps(12)(11)));
  });

  test('a binding without a length refuses in one sentence; one that is told it does not', () => {
    const optimizer = tf.train.sgd(1);
    made.push(optimizer);
    expect(refusal(() => bindOptimizer(optimizer, late))).toBe(
      'bindOptimizer: warmup: warmupSteps "25%" needs a horizon: totalSteps is not known here; give the option horizon, or the plan to learningRateCallback, which knows how long fit is',
    );
    expect(bindOptimizer(optimizer, late, { horizon: { totalSteps: 12 } }).scheduler.values(5).learningRate).toBe(
      inSteps(12)(5),
    );
  });
});

describe('a plan in steps', () => {
  test.each<[string, PlanLike, (t: number) => number]>([
    ['a number', 0.5, () => 0.5],
    ['a schedule', inSteps(12), inSteps(12)],
    ['a function', (t: number) => 1 / (t + 1), (t) => 1 / (t + 1)],
    ['a plan', { learningRate: inSteps(12) }, inSteps(12)],
    ['what a file holds', parsePlan({ type: 'linear', initValue: 1, decaySteps: 12 }), (t) => 1 - t / 12],
  ])('%s binds the optimizer that the model has', async (_, plan, expected) => {
    const one = begin();
    const callback = learningRateCallback(plan);
    one.compile(tf.train.sgd(1)); // whatever was compiled in between
    const { callback: recorder, seen } = rates();
    await one.fit({ epochs: 3, callbacks: [callback, recorder] });
    expect(seen).toEqual(Array.from({ length: 12 }, (_each, t) => Math.fround(expected(t))));
    expect(callback.binding!.optimizer).toBe(one.model.optimizer);
  });

  test('further fits go on under the same binding, and another optimizer is refused', async () => {
    const one = begin();
    const callback = learningRateCallback(inSteps(12), { warn: false });
    await one.fit({ epochs: 1, callbacks: callback });
    const { binding } = callback;
    expect(await epochRates(one.fit({ epochs: 2, callbacks: callback }))).toEqual(
      [7, 11].map((t) => Math.fround(inSteps(12)(t))),
    );
    expect(callback.binding).toBe(binding);
    one.compile();
    expect(await failure(one.fit({ epochs: 1, callbacks: callback }))).toContain(
      'its binding drives another optimizer',
    );
  });
});

test.each<[unknown, LearningRateCallbackOptions | undefined, string]>([
  [
    undefined,
    undefined,
    'learningRateCallback: the first argument must be what bindOptimizer gave, or a plan; received undefined',
  ],
  [null, undefined, 'what bindOptimizer gave, or a plan; received null'],
  [Promise.resolve(0.1), undefined, 'received a promise, not awaited'],
  [cosineDecay, undefined, 'received cosineDecay, not called'],
  [
    { lr: 0.1 },
    undefined,
    'plan must be a schedule, a number or an object with learningRate; received an object with "lr", write learningRate',
  ],
  [0.1, { logkey: 'rate' } as never, 'learningRateCallback: unknown option "logkey", write logKey'],
  [
    0.1,
    'lr' as never,
    'learningRateCallback: options must be an object { bind, logKey, report, initialEpoch, warn, yieldEvery }; received "lr"',
  ],
  [0.1, { report: 'batch' } as never, 'learningRateCallback: report must be'],
  [0.1, { warn: true } as never, 'learningRateCallback: warn must be a function or false; received true'],
  [
    0.1,
    { yieldEvery: 0 },
    'yieldEvery must be "auto", "batch", "epoch", "never" or a number of milliseconds > 0; received 0',
  ],
])('%o with %j is refused', (driver, options, sentence) => {
  expect(refusal(() => learningRateCallback(driver as never, options))).toContain(sentence);
});

test('an optimizer or a model in the place of a plan', () => {
  const one = begin(tf.train.adam(0.1));
  const sentence =
    'learningRateCallback: the first argument must be what bindOptimizer gave, or a plan; received an object';
  for (const wrong of [one.model, one.model.optimizer])
    expect(refusal(() => learningRateCallback(wrong as never))).toBe(sentence);
  const binding = one.bind(0.1);
  expect(refusal(() => learningRateCallback(binding, { bind: {} }))).toBe(
    'learningRateCallback: bind must be left out where a binding is given; received an object',
  );
});
