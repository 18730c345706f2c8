import { cosineDecay } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer, type Binding } from '../src/index.ts';
import { learningRateCallback } from '../src/layers/index.ts';
import { clipByGlobalNorm, parameterGroups, weightAverage } from '../src/ops/index.ts';
import { snapshotTraining } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { failure } from './fits.ts';
import { batchAt, weightsOf } from './mlp.ts';
import { numbersOf } from './numbers.ts';
import { cases } from './optimizers.ts';
import { refusal } from './refusal.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const schedule = cosineDecay({ initValue: 0.1, decaySteps: 40 });

/** A base and a head, and a fit of four updates. */
function begin(optimizer: tf.Optimizer): {
  base: layers.layers.Layer;
  model: layers.Sequential;
  binding: Binding;
  readonly fit: () => Promise<layers.History>;
  readonly freeze: (frozen: boolean) => void;
} {
  const dense = (units: number, seed: number, rest = {}): layers.layers.Layer =>
    layers.layers.dense({ units, kernelInitializer: layers.initializers.glorotUniform({ seed }), ...rest });
  const base = dense(4, 1, { inputShape: [3] });
  const model = open(layers.sequential({ layers: [base, dense(2, 2)] }));
  const compile = (): void => model.compile({ optimizer, loss: 'meanSquaredError' });
  compile();
  const binding = bindOptimizer(optimizer, schedule);
  const [xs, ys] = batchAt(0, 16).map(open);
  return {
    base,
    model,
    binding,
    fit: () =>
      model.fit(xs!, ys!, {
        epochs: 1,
        batchSize: 4,
        shuffle: false,
        callbacks: learningRateCallback(binding, { warn: false }),
      }),
    freeze(frozen) {
      base.trainable = !frozen;
      compile();
    },
  };
}

const kernelOf = (layer: layers.layers.Layer): Promise<number[]> => numbersOf(layer.getWeights()[0]!);

const byPlace =
  'its slots go by place; where layers are frozen or lists take turns, use parameterGroups({ optimizer: () => …, groups: {} }) of @anneal/tfjs/ops, whose slots go by name';

describe('a layer that is frozen and thawed between fits', () => {
  test('SGD has no slots: training goes on, the frozen layer stands still', async () => {
    const { model, base, fit, freeze, binding } = begin(tf.train.sgd(1));
    await fit();
    freeze(true);
    const [frozen, before] = [await kernelOf(base), await kernelOf(model.layers[1]!)];
    await fit();
    expect(await kernelOf(base)).toEqual(frozen);
    expect(await kernelOf(model.layers[1]!)).not.toEqual(before);
    freeze(false);
    await fit();
    expect(await kernelOf(base)).not.toEqual(frozen);
    expect([binding.step, binding.learningRate]).toEqual([12, Math.fround(schedule(11))]);
  });

  test.each(cases.filter(({ className }) => className !== 'SGD'))(
    '$name keeps slots by place: refused with what to write',
    async ({ make, className }) => {
      const { fit, freeze, model } = begin(make());
      await fit();
      freeze(true);
      const before = await weightsOf(model);
      expect(await failure(fit())).toMatch(
        new RegExp(
          `^bindOptimizer: the variables of ${className} changed at "[^"]+", but ${byPlace.replaceAll(/[.(){}?*+|[\]^$]/g, '\\$&')}$`,
        ),
      );
      expect(await weightsOf(model)).toEqual(before);
    },
  );

  test.each(cases)('$name in parameterGroups goes on, by name', async ({ make }) => {
    const { fit, freeze, base, binding } = begin(open(parameterGroups({ optimizer: make, groups: {} })));
    await fit();
    freeze(true);
    const frozen = await kernelOf(base);
    await fit();
    expect(await kernelOf(base)).toEqual(frozen);
    freeze(false);
    await fit();
    expect(await kernelOf(base)).not.toEqual(frozen);
    expect(binding.step).toBe(12);
  });
});

describe('lists of variables that take turns, as those of a generator and its critic', () => {
  const run = (optimizer: tf.Optimizer, hooks: Parameters<typeof bindOptimizer>[2] = {}): readonly tf.Variable[] => {
    const variables = [2, 3].map((value) => open(tf.variable(tf.scalar(value))));
    bindOptimizer(open(optimizer), (step) => 2 ** -(step + 2), hooks);
    for (let t = 0; t < 4; t++) {
      const one = variables[t % 2]!;
      optimizer.minimize(() => tf.square(one) as tf.Scalar, false, [one]);
    }
    return variables;
  };

  test('SGD', async () => {
    const [generator, critic] = run(tf.train.sgd(1));
    // w ← w·(1 − 2·2^−(t+2)) at t = 0, 2 and at t = 1, 3; exact in binary.
    expect(await numbersOf(generator!)).toEqual([2 * (1 - 1 / 2) * (1 - 1 / 8)]);
    expect(await numbersOf(critic!)).toEqual([3 * (1 - 1 / 4) * (1 - 1 / 16)]);
  });

  test('hooks know variables by name', async () => {
    const average = open(weightAverage());
    const [generator, critic] = run(tf.train.sgd(1), { hooks: [average, clipByGlobalNorm(1e9)] });
    await average.whileSwapped(async () => {
      expect(await numbersOf(generator!)).toEqual([(2 * (1 - 1 / 2) * (1 + (1 - 1 / 8))) / 2]);
      expect(await numbersOf(critic!)).toEqual([(3 * (1 - 1 / 4) * (1 + (1 - 1 / 16))) / 2]);
    });
  });

  test('Adam', () => {
    expect(refusal(() => run(tf.train.adam(1)))).toContain(byPlace);
  });

  test('a class made from SGD that keeps a list, and a kind of its own, are taken for what they may be', () => {
    class Heavy extends tf.SGDOptimizer {
      readonly velocities: number[] = [];
    }
    class Named extends tf.SGDOptimizer {
      static override get className(): string {
        return 'Named';
      }
    }
    class Plain extends tf.SGDOptimizer {}
    expect(refusal(() => run(new Heavy(1)))).toContain('the variables of SGD changed');
    expect(refusal(() => run(new Named(1)))).toContain('the variables of Named changed');
    expect(refusal(() => run(new Plain(1)))).toBe('nothing was refused');
  });
});

test('a training that was saved before a layer was frozen is refused while it is: its variables stand elsewhere', async () => {
  const optimizer = open(parameterGroups({ optimizer: () => tf.train.sgd(1), groups: {} }));
  // Of equal shapes, which would not tell.
  const square = (name: string): layers.layers.Layer =>
    layers.layers.dense({ units: 3, inputShape: [3], useBias: false, name });
  const model = open(layers.sequential({ layers: [square('first'), square('second')] }));
  const compile = (): void => model.compile({ optimizer, loss: 'meanSquaredError' });
  compile();
  const training = { weights: model, binding: bindOptimizer(optimizer, 0.1) };
  const snapshot = open(snapshotTraining(training));
  const before = await weightsOf(model);
  const xs = open(tf.ones([4, 3]));
  await model.fit(xs, xs, { epochs: 1 });
  model.layers[0]!.trainable = false;
  compile();
  expect(refusal(() => snapshot.restore())).toBe(
    'loadTraining: the variables stood in another order when saved, with "first/kernel" in the place of "second/kernel"; freeze the layers that were frozen then',
  );
  model.layers[0]!.trainable = true;
  snapshot.restore();
  expect(await weightsOf(model)).toEqual(before);
});
