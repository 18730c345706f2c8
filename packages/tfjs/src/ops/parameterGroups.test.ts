import { cosineDecay, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { gradientAt } from '../../test/gradients.ts';
import { batchAt, makeModel, trainModel, weightsOf } from '../../test/mlp.ts';
import { difference, numbersOf } from '../../test/numbers.ts';
import { epsilon } from '../../test/optimizers.ts';
import { adam, momentum, sgd, type Reference } from '../../test/reference.ts';
import { refusal } from '../../test/refusal.ts';
import { bindOptimizer } from '../index.ts';
import { snapshotTraining, trainingFromBytes, trainingToBytes } from '../training/index.ts';
import { decoupledWeightDecay, parameterGroups } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const u = 2 ** -24;
const schedule = cosineDecay({ initValue: 0.05, decaySteps: 50 });
const plan: Plan = { learningRate: schedule, groups: { head: { learningRate: (t) => 3 * schedule(t) } } };
const makeAdam = (): tf.Optimizer => tf.train.adam(1, 0.9, 0.999, epsilon);

/** Variables by name; `shown` takes them over the updates of gradients by hand. */
function variables(...names: string[]): Record<string, tf.Variable> {
  return Object.fromEntries(names.map((name) => [name, open(tf.variable(tf.tensor1d([0.5, -1]), true, name))]));
}

function update(optimizer: tf.Optimizer, names: readonly string[], t: number): void {
  tf.tidy(() => optimizer.applyGradients(names.map((name) => ({ name, tensor: tf.tensor1d(gradientAt(t, 2)) }))));
}

/** Float64: updates `from` to 50 of both elements, by gradients that are `ahead`. */
function float64(reference: () => Reference, rateAt: (t: number) => number, from = 0, ahead = 0): number[] {
  return [0.5, -1].map((w, i) => {
    const one = reference();
    for (let t = from; t < 50; t++) w = one(w, gradientAt(t + ahead, 2)[i]!, { learningRate: rateAt(t) });
    return w;
  });
}

test.each([
  ['SGD', () => tf.train.sgd(1), sgd, 12 * u],
  ['Momentum', () => tf.train.momentum(1, 0.9), () => momentum(0.9, false), 48 * u],
  ['Adam', makeAdam, () => adam(0.9, 0.999, epsilon), 300 * u],
] as const)(
  '%s: each group equals a float64 hand computation at its own rate',
  async (_, optimizer, reference, tolerance) => {
    // Tolerances are those of test/optimizers.ts, for the head three times as large as its rate is.
    const { body, head } = variables('body', 'head');
    const grouped = open(parameterGroups({ optimizer, groups: { head: /^head/ } }));
    const binding = bindOptimizer(grouped, plan);
    for (let t = 0; t < 50; t++) {
      update(grouped, ['body', 'head'], t);
      expect(binding.learningRate).toBe(Math.fround(schedule(t)));
      expect(binding.values.groups!['head']!.learningRate).toBe(Math.fround(3 * schedule(t)));
    }
    expect(await difference(body!, float64(reference, schedule))).toBeLessThanOrEqual(tolerance);
    expect(
      await difference(
        head!,
        float64(reference, (t) => 3 * schedule(t)),
      ),
    ).toBeLessThanOrEqual(tolerance);
    expect(grouped.iterations).toBe(50);
    const { numTensors } = tf.memory();
    for (let t = 50; t < 80; t++) update(grouped, ['head', 'body'], t);
    expect(tf.memory().numTensors).toBe(numTensors);
  },
);

test('a group that joins late starts with moments and bias correction of its own; the others notice nothing', async () => {
  const { body, head } = variables('body', 'head');
  const grouped = open(parameterGroups({ optimizer: makeAdam, groups: { head: /^head/ } }));
  bindOptimizer(grouped, plan);
  for (let t = 0; t < 50; t++) update(grouped, t < 20 ? ['body'] : ['head', 'body'], t);
  const reference = (): Reference => adam(0.9, 0.999, epsilon);
  expect(await difference(body!, float64(reference, schedule))).toBeLessThanOrEqual(100 * u);
  expect(
    await difference(
      head!,
      float64(reference, (t) => 3 * schedule(t), 20),
    ),
  ).toBeLessThanOrEqual(300 * u);
});

test('slots go by name: order and absence do not mix them up', async () => {
  const { a, b } = variables('a', 'b');
  const grouped = open(parameterGroups({ optimizer: () => tf.train.momentum(1, 0.9), groups: {} }));
  bindOptimizer(grouped, schedule);
  const gradientsAt = (t: number): tf.NamedTensorMap => ({
    a: tf.tensor1d(gradientAt(t, 2)),
    b: tf.tensor1d(gradientAt(t + 7, 2)),
  });
  for (let t = 0; t < 50; t++)
    tf.tidy(() => {
      const named = Object.entries(gradientsAt(t)).map(([name, tensor]) => ({ name, tensor }));
      grouped.applyGradients(t % 2 === 0 ? named : named.toReversed());
    });
  const reference = (): Reference => momentum(0.9, false);
  expect(await difference(a!, float64(reference, schedule))).toBeLessThanOrEqual(24 * u);
  expect(await difference(b!, float64(reference, schedule, 0, 7))).toBeLessThanOrEqual(24 * u);
  const before = await numbersOf(b!);
  update(grouped, ['a'], 50);
  expect(await numbersOf(b!)).toEqual(before);
});

test('model.compile accepts it, and equal rates give the bits of one optimizer', async () => {
  const grouped = parameterGroups({ optimizer: makeAdam, groups: { last: ({ shape }) => shape.at(-1) === 2 } });
  const [one, other] = [makeAdam(), grouped].map((optimizer) => {
    const model = open(makeModel());
    model.compile({ optimizer, loss: 'meanSquaredError' });
    bindOptimizer(model.optimizer, optimizer === grouped ? { learningRate: schedule, groups: { last: {} } } : schedule);
    return model;
  });
  await trainModel(one!, 0, 10);
  await trainModel(other!, 0, 10);
  expect(await weightsOf(other!)).toEqual(await weightsOf(one!));
  const [xs, ys] = batchAt(0).map(open);
  const { numTensors } = tf.memory();
  await other!.fit(xs!, ys!, { epochs: 4, batchSize: 4 });
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(grouped.iterations).toBe(10 + 8);
  await expect(grouped.getWeights()).rejects.toThrow('model.save cannot hold parameter groups');
});

test('weight decay follows the group', async () => {
  const { body, head } = variables('body', 'head');
  const grouped = open(parameterGroups({ optimizer: () => tf.train.sgd(1), groups: { head: /^head/ } }));
  const decayed: Plan = { learningRate: 0.5, groups: { head: { learningRate: 0.25, weightDecay: 0.5 } } };
  bindOptimizer(grouped, decayed, { hooks: [decoupledWeightDecay()] });
  tf.tidy(() => grouped.applyGradients(['body', 'head'].map((name) => ({ name, tensor: tf.tensor1d([1, 2]) }))));
  expect(await numbersOf(body!)).toEqual([0.5 - 0.5, -1 - 1]);
  expect(await numbersOf(head!)).toEqual([0.5 * 0.875 - 0.25, -1 * 0.875 - 0.5]);
});

test('refusals', () => {
  variables('body');
  const grouped = open(parameterGroups({ optimizer: makeAdam, groups: { head: /^nothing/ } }));
  expect(refusal(() => bindOptimizer(grouped, { learningRate: 1, groups: { tail: {} } }))).toBe(
    'bindOptimizer: the plan names a group "tail" that parameterGroups was not told',
  );
  expect(refusal(() => bindOptimizer(grouped, { learningRate: 1, groups: { head: { momentum: 0.9 } } }))).toBe(
    'bindOptimizer: Adam has no momentum, which the plan drives',
  );
  bindOptimizer(grouped, plan);
  expect(refusal(() => update(grouped, ['body'], 0))).toBe('parameterGroups: group "head" matches no variable');
  const shared = makeAdam();
  const sharing = open(parameterGroups({ optimizer: () => shared, groups: { body: /^body/ } }));
  variables('other');
  expect(refusal(() => update(sharing, ['other', 'body'], 0))).toBe(
    'parameterGroups: optimizer must make a new optimizer at every call',
  );
  expect(refusal(() => parameterGroups({ optimizer: makeAdam, groups: { head: 'head' as never } }))).toBe(
    'parameterGroups: group "head" must be a regular expression or a function',
  );
});

test('a training that was saved before its first update is put back after some', async () => {
  const { body } = variables('body');
  const grouped = open(parameterGroups({ optimizer: makeAdam, groups: {} }));
  const training = { weights: [body!], binding: bindOptimizer(grouped, schedule) };
  const [bytes, snapshot] = [await trainingToBytes(training), open(snapshotTraining(training))];
  const after = async (): Promise<number[]> => {
    for (let t = 0; t < 3; t++) update(grouped, ['body'], t);
    return numbersOf(body!);
  };
  const first = await after();
  snapshot.restore();
  expect([training.binding.step, await numbersOf(body!)]).toEqual([0, [0.5, -1]]);
  expect(await after()).toEqual(first);
  trainingFromBytes(bytes, training);
  expect(await after()).toEqual(first);
});
