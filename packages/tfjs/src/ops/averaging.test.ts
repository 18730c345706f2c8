import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { gradientAt } from '../../test/gradients.ts';
import { batchAt, makeModel, trainModel, weightsOf } from '../../test/mlp.ts';
import { difference, numbersOf } from '../../test/numbers.ts';
import { epsilon } from '../../test/optimizers.ts';
import { refusal } from '../../test/refusal.ts';
import { bindOptimizer, type Binding, type UpdateHook } from '../index.ts';
import {
  accumulateGradients,
  clipByGlobalNorm,
  recalibrateBatchNorm,
  weightAverage,
  type WeightAverage,
} from './index.ts';
import { snapshotTraining, trainingFromBytes, trainingToBytes } from '../training/index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const u = 2 ** -24;
const schedule = (t: number): number => 0.05 / (1 + t / 10);

interface Started {
  readonly variable: tf.Variable;
  readonly optimizer: tf.Optimizer;
  readonly binding: Binding;
}

function begin(hooks: readonly UpdateHook[], make: () => tf.Optimizer = () => tf.train.sgd(1)): Started {
  const variable = open(tf.variable(tf.tensor1d([0.5, -1])));
  const optimizer = open(make());
  return { variable, optimizer, binding: bindOptimizer(optimizer, schedule, { hooks }) };
}

function update({ variable, optimizer }: Started, t: number): void {
  tf.tidy(() => optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradientAt(t, 2)) }]));
}

/** The weights after each of `steps` updates of SGD, in float64. */
function path(steps: number): number[][] {
  let weights = [0.5, -1];
  return Array.from({ length: steps }, (_, t) => {
    weights = weights.map((w, i) => w - schedule(t) * gradientAt(t, 2)[i]!);
    return weights;
  });
}

describe('weightAverage', () => {
  const averageOf = (average: WeightAverage, { variable }: Started): Promise<number[]> =>
    average.whileSwapped(() => numbersOf(variable));

  test('the moving average is the bias-corrected one, and leaves no tensor behind', async () => {
    const average = open(weightAverage({ decay: 0.9 }));
    const started = begin([average]);
    for (let t = 0; t < 50; t++) update(started, t);
    // Σ (1−β)·β^(n−i)·wᵢ / (1 − βⁿ), summed as it stands.
    const expected = path(50).reduce(
      (sum, w, i) => sum.map((s, k) => s + (0.1 * 0.9 ** (49 - i) * w[k]!) / (1 - 0.9 ** 50)),
      [0, 0],
    );
    const got = await averageOf(average, started);
    // SGD's own 12 u, and as much for the average's roundings.
    got.forEach((w, i) => expect(Math.abs(w - expected[i]!)).toBeLessThanOrEqual(24 * u));
    expect(Math.abs(got[0]! - (await numbersOf(started.variable))[0]!)).toBeGreaterThan(1000 * u);
    const { numTensors } = tf.memory();
    for (let t = 50; t < 90; t++) update(started, t);
    average.swap();
    average.swap();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('stochastic weight averaging: the mean of the weights at the ends of the cycles', async () => {
    const average = open(weightAverage({ from: 20, every: 5 }));
    const started = begin([average]);
    for (let t = 0; t < 38; t++) update(started, t);
    const steps = path(38);
    const ends = [20, 25, 30, 35].map((updates) => steps[updates - 1]!);
    (await averageOf(average, started)).forEach((w, i) =>
      expect(Math.abs(w - ends.reduce((sum, end) => sum + end[i]! / 4, 0))).toBeLessThanOrEqual(24 * u),
    );
  });

  test('before the first average nothing is swapped; while swapped, updates and saving are refused', async () => {
    const average = open(weightAverage({ from: 2 }));
    const started = begin([average]);
    average.swap();
    expect(average.swapped).toBe(false);
    for (let t = 0; t < 3; t++) update(started, t);
    const weights = await numbersOf(started.variable);
    average.swap();
    expect(await numbersOf(started.variable)).not.toEqual(weights);
    expect(refusal(() => update(started, 3))).toContain('call swap before the next update');
    expect(refusal(() => started.binding.state())).toContain('call swap before saving');
    average.swap();
    expect(await numbersOf(started.variable)).toEqual(weights);
    await expect(average.whileSwapped(() => Promise.reject(new Error('in between')))).rejects.toThrow('in between');
    expect(await numbersOf(started.variable)).toEqual(weights);
  });

  test('an update that another hook skips is not averaged', () => {
    const average = open(weightAverage());
    const started = begin([average, accumulateGradients(2)]);
    for (let t = 0; t < 4; t++) update(started, t);
    expect(average.state!()).toEqual([2]);
  });

  test.each([{ decay: 0.95 }, { from: 3, every: 2 }])('saved and loaded goes on bit for bit: %o', async (options) => {
    const start = (): Started & { average: WeightAverage } => {
      const average = open(weightAverage(options));
      return { ...begin([average], () => tf.train.adam(1, 0.9, 0.999, epsilon)), average };
    };
    const whole = start();
    for (let t = 0; t < 9; t++) update(whole, t);
    const bytes = await trainingToBytes({ weights: [whole.variable], binding: whole.binding });
    const resumed = start();
    trainingFromBytes(bytes, { weights: [resumed.variable], binding: resumed.binding }, { onPlanChange: 'takeNew' });
    for (let t = 9; t < 20; t++) [whole, resumed].forEach((one) => update(one, t));
    expect(await averageOf(resumed.average, resumed)).toEqual(await averageOf(whole.average, whole));
    expect(await numbersOf(resumed.variable)).toEqual(await numbersOf(whole.variable));
  });

  test('refusals', () => {
    expect(refusal(() => weightAverage({ decay: 1 }))).toBe(
      'weightAverage: decay must be a number in [0, 1); received 1',
    );
    expect(refusal(() => weightAverage({ every: 0 }))).toBe('weightAverage: every must be an integer >= 1; received 0');
    expect(refusal(() => weightAverage({ from: -1 }))).toBe('weightAverage: from must be an integer >= 0; received -1');
  });
});

test('recalibrateBatchNorm: the statistics are the mean over the batches, for the weights that are there', async () => {
  const model = open(makeModel());
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  await trainModel(model, 0, 5);
  const batches = [0, 1, 2].map((t) => {
    const [xs, ys] = batchAt(t);
    ys.dispose();
    return open(xs);
  });
  const before = await weightsOf(model);
  const { numTensors } = tf.memory();
  recalibrateBatchNorm(model, batches);
  expect(tf.memory().numTensors).toBe(numTensors);
  const after = await weightsOf(model);

  // What the normalisation saw, through the dense layer alone.
  const first = layers.model({ inputs: model.inputs, outputs: model.layers[0]!.output });
  const statistics = await Promise.all(
    batches.map((xs) => {
      const { mean, variance } = tf.tidy(() => tf.moments(first.predict(xs) as tf.Tensor, 0));
      return Promise.all([open(mean), open(variance)].map(numbersOf));
    }),
  );
  const names = model.weights.map(({ originalName }) => originalName);
  [/moving_mean$/, /moving_variance$/].forEach((pattern, which) => {
    const at = names.findIndex((name) => pattern.test(name));
    after[at]!.forEach((value, i) => {
      const mean = statistics.reduce((sum, one) => sum + one[which]![i]! / 3, 0);
      // A dozen roundings of numbers below 2.
      expect(Math.abs(value - mean)).toBeLessThanOrEqual(12 * u);
    });
    expect(after[at]).not.toEqual(before[at]);
    before[at] = after[at]!;
  });
  expect(after).toEqual(before);
  const norm = model.layers[1] as unknown as { momentum: number };
  expect(norm.momentum).toBe(0.99);
});

test('evaluated with statistics of its own, and training goes on as if nothing had been', async () => {
  const start = (): {
    model: layers.Sequential;
    weights: layers.Sequential;
    binding: Binding;
    average: WeightAverage;
  } => {
    const model = open(makeModel());
    model.compile({ optimizer: tf.train.adam(1, 0.9, 0.999, epsilon), loss: 'meanSquaredError' });
    const average = open(weightAverage({ decay: 0.8 }));
    return { model, weights: model, binding: bindOptimizer(model.optimizer, schedule, { hooks: [average] }), average };
  };
  const [plain, evaluated] = [start(), start()];
  for (const { model } of [plain, evaluated]) await trainModel(model, 0, 6);
  const { numTensors } = tf.memory();
  const before = snapshotTraining(evaluated);
  evaluated.average.swap();
  const [xs, ys] = batchAt(0);
  recalibrateBatchNorm(evaluated.model, [xs]);
  expect(await weightsOf(evaluated.model)).not.toEqual(await weightsOf(plain.model));
  before.restore();
  before.dispose();
  tf.dispose([xs, ys]);
  expect(tf.memory().numTensors).toBe(numTensors);
  for (const { model } of [plain, evaluated]) await trainModel(model, 6, 12);
  expect(await weightsOf(evaluated.model)).toEqual(await weightsOf(plain.model));
});

describe('accumulateGradients', () => {
  test('equals updates of the mean gradient; in between schedule and moments stand still', async () => {
    const make = (): tf.Optimizer => tf.train.adam(1, 0.9, 0.999, epsilon);
    const parts = begin([accumulateGradients(4), clipByGlobalNorm(0.5)], make);
    const whole = begin([clipByGlobalNorm(0.5)], make);
    const seen: number[] = [];
    for (let t = 0; t < 12; t++) {
      update(parts, t);
      seen.push(parts.binding.step);
      if (t % 4 !== 3) continue;
      const means = [0, 1].map((i) => [3, 2, 1, 0].reduce((sum, back) => sum + gradientAt(t - back, 2)[i]!, 0) / 4);
      tf.tidy(() => whole.optimizer.applyGradients([{ name: whole.variable.name, tensor: tf.tensor1d(means) }]));
    }
    expect(seen).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3]);
    expect(parts.optimizer.iterations).toBe(3);
    // The sum of four is rounded thrice; Adam's first updates pass on a relative error.
    expect(await difference(parts.variable, await numbersOf(whole.variable))).toBeLessThanOrEqual(4 * u);
    const { numTensors } = tf.memory();
    for (let t = 12; t < 40; t++) update(parts, t);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('a training saved between two micro-batches goes on bit for bit', async () => {
    const whole = begin([accumulateGradients(3)]);
    for (let t = 0; t < 4; t++) update(whole, t);
    const bytes = await trainingToBytes({ weights: [whole.variable], binding: whole.binding });
    const resumed = begin([accumulateGradients(3)]);
    trainingFromBytes(bytes, { weights: [resumed.variable], binding: resumed.binding }, { onPlanChange: 'takeNew' });
    for (let t = 4; t < 9; t++) [whole, resumed].forEach((one) => update(one, t));
    expect(await numbersOf(resumed.variable)).toEqual(await numbersOf(whole.variable));
    expect(resumed.binding.step).toBe(3);
  });

  test.each([0, 1.5, NaN])('%s micro-batches are refused', (count) => {
    expect(refusal(() => accumulateGradients(count))).toBe(
      `accumulateGradients: microBatches must be an integer >= 1; received ${count}`,
    );
  });
});
