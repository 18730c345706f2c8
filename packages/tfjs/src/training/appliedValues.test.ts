import { cosineDecay, hyperparameters, type GroupValues, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { gradientAt } from '../../test/gradients.ts';
import { cases } from '../../test/optimizers.ts';
import { bindOptimizer, type OptimizerLike } from '../index.ts';
import { decoupledWeightDecay, parameterGroups } from '../ops/index.ts';
import { appliedValues } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const cosine = (initValue: number): ((step: number) => number) => cosineDecay({ initValue, decaySteps: 40 });
const learningRate = cosine(0.05);
const [momentum, beta1, beta2, weightDecay] = [0.9, 0.8, 0.99, 0.02].map(cosine);
const tracks = { momentum, beta1, beta2, weightDecay } as Required<Plan>;

function update(optimizer: tf.Optimizer, names: readonly string[], t: number): void {
  tf.tidy(() => optimizer.applyGradients(names.map((name) => ({ name, tensor: tf.tensor1d(gradientAt(t, 2)) }))));
}

/** The tracks of a plan that the arithmetic reads as float32 scalars on the device, whose other values stay doubles. */
const scalarsOf = (className: string): readonly string[] =>
  ['SGD', 'Momentum'].includes(className) ? ['momentum', 'learningRate'] : ['learningRate'];

function asked(plan: Plan, t: number, className: string): Partial<GroupValues> {
  const own = hyperparameters.filter((name) => plan[name] !== undefined);
  return Object.fromEntries(
    own.map((name) => {
      const value = (plan[name] as (step: number) => number)(t);
      return [name, scalarsOf(className).includes(name) ? Math.fround(value) : value];
    }),
  );
}

test.each(cases)('$name: every track, before the first update and after each', async ({ make, className, name }) => {
  const optimizer = open(make());
  const variable = open(tf.variable(tf.tensor1d([0.5, -1])));
  const has = hyperparameters.filter(
    (field) => typeof (optimizer as unknown as Record<string, unknown>)[field] === 'number',
  );
  const plan: Plan = {
    ...Object.fromEntries(has.filter((field) => field in tracks).map((field) => [field, tracks[field]])),
    learningRate,
    weightDecay: tracks.weightDecay,
  };
  expect('momentum' in plan, name).toBe(/Momentum|Nesterov|RMSProp/.test(name));
  const binding = bindOptimizer(optimizer, plan, { hooks: [decoupledWeightDecay()] });
  const { weightDecay: _, ...first } = asked(plan, 0, className);
  expect(await appliedValues(binding)).toEqual(first);
  const { numTensors } = tf.memory();
  for (let t = 0; t < 3; t++) {
    update(optimizer, [variable.name], t);
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    expect(await appliedValues(binding)).toEqual(asked(plan, t, className));
  }
  // The slots, which come with the first update, are one or two tensors a variable.
  expect(tf.memory().numTensors - numTensors).toBeLessThanOrEqual(3);
});

test('what was written by hand behind the binding shows, where the binding still says what it wrote', async () => {
  const optimizer = open(tf.train.sgd(1));
  const binding = bindOptimizer(optimizer, 0.25);
  (optimizer as unknown as { learningRate: number }).learningRate = 9; // tfjs does not use the field
  expect(await appliedValues(binding)).toEqual({ learningRate: 0.25 });
  (optimizer as unknown as { setLearningRate(rate: number): void }).setLearningRate(0.5);
  expect(await appliedValues(binding)).toEqual({ learningRate: 0.5 });
  expect(binding.values.learningRate).toBe(0.25);
});

test('groups: each with its tracks, from the moment that a variable of it has been updated', async () => {
  const names = ['body', 'head', 'neck'];
  for (const name of names) open(tf.variable(tf.tensor1d([0.5, -1]), true, name));
  const optimizer = open(
    parameterGroups({ optimizer: () => tf.train.adam(1), groups: { head: /^head/, neck: /^neck/ } }),
  );
  const plan = {
    learningRate: 0.5,
    weightDecay: 0.25,
    groups: { head: { learningRate: 2, beta1: 0.5, weightDecay: 0 }, neck: { weightDecay: 0.125 } },
  };
  const hook = decoupledWeightDecay({ mask: ({ name }) => name !== 'neck' });
  const binding = bindOptimizer(optimizer, plan, { hooks: [hook] });
  expect(await appliedValues(binding)).toEqual({ groups: {} });
  update(optimizer, ['head'], 0);
  const head = { learningRate: 2, beta1: 0.5, weightDecay: 0 };
  expect(await appliedValues(binding)).toEqual({ groups: { head } });
  update(optimizer, names, 1);
  const expected = { learningRate: 0.5, weightDecay: 0.25, groups: { head, neck: { learningRate: 0.5 } } };
  expect(await appliedValues(binding)).toEqual(expected);
  // The head alone: the others keep what they hold, but nothing decays them.
  update(optimizer, ['head'], 2);
  expect(await appliedValues(binding)).toEqual({ ...expected, weightDecay: undefined, groups: expected.groups });
});

test('an optimizer of its own kind that decays by itself', async () => {
  const own: OptimizerLike & { learningRate: number; weightDecay: number } = {
    learningRate: 1,
    weightDecay: 0,
    applyGradients: () => undefined,
  };
  const binding = bindOptimizer(own, { learningRate: 0.5, weightDecay: 0.125 });
  expect(await appliedValues(binding)).toEqual({ learningRate: 0.5, weightDecay: 0.125 });
});
