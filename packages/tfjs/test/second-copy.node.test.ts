import { createRequire } from 'node:module';
import { cosineDecay } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { bestWeights, callbackList, learningRateCallback, reduceLROnPlateau } from '../src/layers/index.ts';
import { accumulateGradients, clipByGlobalNorm, decoupledWeightDecay } from '../src/ops/index.ts';
import { trainingFromBytes, trainingToBytes } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { failure } from './fits.ts';
import { gradientAt } from './gradients.ts';
import { batchAt, makeModel, weightsOf } from './mlp.ts';
import { cases } from './optimizers.ts';

// Other copies of tfjs-core and tfjs-layers than those that this package imports, as tfjs-node brings them along. Copies
// have classes of their own and share the engine.
const require = createRequire(import.meta.url);
function copyOf(name: string): unknown {
  const path = require.resolve(name);
  require(path);
  delete require.cache[path];
  return require(path);
}
const copy = copyOf('@tensorflow/tfjs-core') as typeof tf;
const layersCopy = copyOf('@tensorflow/tfjs-layers') as typeof layers;

beforeAll(() => useBackend());

test.each(cases)('$name of a second copy of tfjs-core takes plan, hooks and what was saved', async (one) => {
  expect(copy.Optimizer).not.toBe(tf.Optimizer);
  const schedule = cosineDecay({ initValue: 0.1, decaySteps: 8 });
  const begin = (api: typeof tf) => {
    const model = one.make();
    const Class = api[`${one.className}Optimizer` as 'SGDOptimizer'];
    const optimizer = Class.fromConfig(Class, model.getConfig()) as unknown as tf.SGDOptimizer;
    model.dispose();
    const weights = [api.variable(api.tensor1d([0.5, -1, 1.5]))];
    const hooks = [clipByGlobalNorm(1), decoupledWeightDecay()];
    const binding = bindOptimizer(optimizer, { learningRate: schedule, weightDecay: 0.1 }, { hooks });
    const go = (from: number, to: number): number[] => {
      for (let t = from; t < to; t++)
        api.tidy(() => optimizer.applyGradients([{ name: weights[0]!.name, tensor: api.tensor1d(gradientAt(t, 3)) }]));
      return [...weights[0]!.dataSync()];
    };
    return { weights, binding, go };
  };
  const expected = begin(tf).go(0, 8);
  const other = begin(copy);
  other.go(0, 4);
  const bytes = await trainingToBytes(other);
  const resumed = begin(copy);
  trainingFromBytes(bytes, resumed);
  expect(resumed.go(4, 8)).toEqual(expected);
  expect(resumed.binding.learningRate).toBe(Math.fround(schedule(7)));
});

test('a callback of one copy of tfjs-layers works in the other, alone and in a list', async () => {
  expect(layersCopy.CustomCallback).not.toBe(layers.CustomCallback);
  const schedule = cosineDecay({ initValue: 0.1, decaySteps: 12 });
  const model = makeModel(1, layersCopy);
  model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
  const binding = bindOptimizer(model.optimizer, schedule);
  const [xs, ys] = batchAt(0, 16);
  const fit = { epochs: 3, batchSize: 4, shuffle: false };
  const alone = await model.fit(xs, ys, { ...fit, callbacks: learningRateCallback(binding) });
  expect(alone.history['lr']).toEqual([3, 7, 11].map((t) => Math.fround(schedule(t))));
  const plain: unknown[] = [];
  const foreign: unknown[] = [];
  const list = callbackList(
    new layersCopy.CustomCallback({ onEpochEnd: (_, logs) => void foreign.push(logs!['lr']) }),
    { onEpochEnd: (_: number, logs: Record<string, number>) => void plain.push(logs['lr']) },
    learningRateCallback(binding),
    layersCopy.callbacks.earlyStopping({ monitor: 'loss', patience: 50 }),
  );
  const listed = await model.fit(xs, ys, { ...fit, callbacks: list });
  // Past the end of the schedule the rate is 0.
  expect(listed.history['lr']).toEqual([0, 0, 0]);
  expect([plain, foreign]).toEqual([listed.history['lr'], listed.history['lr']]);
  tf.dispose([xs, ys]);
  model.dispose();
});

test('a fit of another copy hides its model: another optimizer shows after an epoch, and what needs the model says so', async () => {
  const model = makeModel(1, layersCopy);
  const compile = (): void => model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  compile();
  const [xs, ys] = batchAt(0, 16);
  const fit = (callbacks: object): Promise<unknown> =>
    model.fit(xs, ys, { epochs: 2, batchSize: 4, callbacks: callbacks as never });

  const binding = bindOptimizer(model.optimizer, 0.1, { hooks: [accumulateGradients(3)] });
  expect(await failure(fit(learningRateCallback(binding)))).toBe('nothing failed');
  expect(binding.step).toBe(3); // two of three batches, and one of the two that were left
  const plateau = (compile(), reduceLROnPlateau(model.optimizer, { monitor: 'loss' }));
  expect(await failure(fit(plateau))).toBe('nothing failed');
  compile();
  for (const callback of [learningRateCallback(binding), plateau])
    expect(await failure(fit(callback))).toContain('its binding drives another optimizer');

  const hidden = 'fit of another copy of tfjs-layers hides its model; write callbackList(';
  for (const [name, callback] of [
    ['bestWeights', bestWeights({ monitor: 'loss' })],
    ['learningRateCallback', learningRateCallback(0.1)],
  ] as const)
    expect(await failure(fit(callback))).toContain(`${name}: ${hidden}${name}(…), new tf.CustomCallback({}))`);

  // As it says.
  const best = bestWeights({ monitor: 'loss', mode: 'max', patience: 1 });
  const seen: number[][][] = [];
  const own = new layersCopy.CustomCallback({ onEpochEnd: async () => void seen.push(await weightsOf(model)) });
  compile();
  expect(await failure(fit(callbackList(learningRateCallback(0.5), best, own)))).toBe('nothing failed');
  expect([best.bestEpoch, best.stoppedEpoch]).toEqual([0, 1]);
  expect(await weightsOf(model)).toEqual(seen[0]);
  tf.dispose([xs, ys]);
  model.dispose();
});
