import { createRequire } from 'node:module';
import { cosineDecay } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { clipByGlobalNorm, decoupledWeightDecay } from '../src/ops/index.ts';
import { trainingFromBytes, trainingToBytes } from '../src/training/index.ts';
import { useCpu } from './backend.ts';
import { gradientAt } from './gradients.ts';
import { cases } from './optimizers.ts';

// Another copy of tfjs-core than the one that this package imports, as tfjs-node brings it along. Copies have classes of
// their own and share the engine.
let copy: typeof tf;
beforeAll(async () => {
  await useCpu();
  const require = createRequire(import.meta.url);
  const path = require.resolve('@tensorflow/tfjs-core');
  require(path);
  delete require.cache[path];
  copy = require(path) as typeof tf;
});

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
