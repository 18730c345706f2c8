import { cosineDecay, ScheduleError, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import { gradientAt } from '../../test/gradients.ts';
import { numbersOf } from '../../test/numbers.ts';
import { epsilon } from '../../test/optimizers.ts';
import { adam, sgd } from '../../test/reference.ts';
import { refusal } from '../../test/refusal.ts';
import { bindOptimizer, type UpdateHook } from '../index.ts';
import { clipByGlobalNorm, clipByValue, decoupledWeightDecay } from './index.ts';

beforeAll(() => useBackend());

const u = 2 ** -24; // largest rounding error of a weight below 2
const schedule = cosineDecay({ initValue: 0.05, decaySteps: 50 });
const start = { kernel: [0.5, -1, 1.5, 0.7], bias: [0.2, -0.3] };
type Weights = { kernel: number[]; bias: number[] };

/** Trains a 2×2 kernel and a bias by hand-given gradients, and tells how many tensors 40 more updates leave behind. */
async function train(
  make: () => tf.Optimizer,
  plan: Plan,
  hooks: readonly UpdateHook[],
  steps = 50,
): Promise<Weights & { grown: number }> {
  const kernel = tf.variable(tf.tensor2d(start.kernel, [2, 2]));
  const bias = tf.variable(tf.tensor1d(start.bias));
  const optimizer = make();
  bindOptimizer(optimizer, plan, { hooks });
  const update = (t: number): void =>
    tf.tidy(() =>
      optimizer.applyGradients([
        { name: kernel.name, tensor: tf.tensor2d(gradientAt(t, 4), [2, 2]) },
        { name: bias.name, tensor: tf.tensor1d(gradientAt(t + 0.5, 2)) },
      ]),
    );
  for (let t = 0; t < steps; t++) update(t);
  const weights = { kernel: await numbersOf(kernel), bias: await numbersOf(bias) };
  const { numTensors } = tf.memory();
  for (let t = steps; t < steps + 40; t++) update(t);
  const grown = tf.memory().numTensors - numTensors;
  tf.dispose([kernel, bias]);
  optimizer.dispose();
  return { ...weights, grown };
}

/** The same in float64: `update` sees both gradients and both weights of a step at once. */
function float64(update: (t: number, weights: Weights, gradients: Weights) => void): Weights {
  const weights = { kernel: [...start.kernel], bias: [...start.bias] };
  for (let t = 0; t < 50; t++) update(t, weights, { kernel: gradientAt(t, 4), bias: gradientAt(t + 0.5, 2) });
  return weights;
}

const difference = (a: Weights, b: Weights): number =>
  Math.max(...[...a.kernel, ...a.bias].map((w, i) => Math.abs(w - [...b.kernel, ...b.bias][i]!)));

const each = (weights: Weights, f: (w: number, key: 'kernel' | 'bias', i: number) => number): void => {
  for (const key of ['kernel', 'bias'] as const) weights[key] = weights[key].map((w, i) => f(w, key, i));
};

describe('decoupledWeightDecay', () => {
  const decayAt = (t: number): number => 0.2 + 0.1 * Math.sin(t / 5);
  const plan: Plan = { learningRate: schedule, weightDecay: decayAt };
  const makeAdam = (): tf.Optimizer => tf.train.adam(1, 0.9, 0.999, epsilon);
  const adamW = (mask: (key: string) => boolean, reference = 1): Weights => {
    const updates = Array.from({ length: 6 }, () => adam(0.9, 0.999, epsilon));
    return float64((t, weights, gradients) => {
      const learningRate = schedule(t);
      each(weights, (w, key, i) => {
        const decayed = mask(key) ? w * (1 - (learningRate / reference) * decayAt(t)) : w;
        return updates[key === 'kernel' ? i : 4 + i]!(decayed, gradients[key][i]!, { learningRate });
      });
    });
  };
  // Adam's own tolerance, see test/optimizers.ts; the decay adds one rounding per update.
  const tolerance = 100 * u;

  test('with Adam equals AdamW in float64 under schedules of both', async () => {
    const trained = await train(makeAdam, plan, [decoupledWeightDecay()]);
    expect(
      difference(
        trained,
        adamW(() => true),
      ),
    ).toBeLessThanOrEqual(tolerance);
    expect(trained.grown).toBe(0);
  });

  test('a mask leaves the bias alone', async () => {
    const trained = await train(makeAdam, plan, [decoupledWeightDecay({ mask: ({ shape }) => shape.length > 1 })]);
    expect(
      difference(
        trained,
        adamW((key) => key === 'kernel'),
      ),
    ).toBeLessThanOrEqual(tolerance);
    expect(
      difference(
        trained,
        adamW(() => true),
      ),
    ).toBeGreaterThan(50 * tolerance);
  });

  test('referenceRate leaves only the shape of the rate', async () => {
    const trained = await train(makeAdam, plan, [decoupledWeightDecay({ referenceRate: 0.5 })]);
    expect(
      difference(
        trained,
        adamW(() => true, 0.5),
      ),
    ).toBeLessThanOrEqual(tolerance);
  });

  test('a hook whose track the plan lacks is refused, and so is a track without its hook', async () => {
    const bare = { learningRate: schedule };
    await expect(train(makeAdam, bare, [decoupledWeightDecay()])).rejects.toThrow(
      'decoupledWeightDecay: the plan must drive weightDecay',
    );
    await expect(train(makeAdam, plan, [])).rejects.toThrow(
      'bindOptimizer: Adam has no weightDecay, which the plan drives; see decoupledWeightDecay of @anneal/tfjs/ops',
    );
    expect(refusal(() => decoupledWeightDecay({ referenceRate: 0 }))).toBe(
      'decoupledWeightDecay: referenceRate must be a number > 0; received 0',
    );
  });
});

describe('clipping', () => {
  test('clipByGlobalNorm equals the float64 formula, and is the identity below the limit', async () => {
    const clipped = float64((t, weights, gradients) => {
      const norm = Math.hypot(...gradients.kernel, ...gradients.bias);
      const update = sgd();
      each(weights, (w, key, i) =>
        update(w, gradients[key][i]! * (0.5 / Math.max(norm, 0.5)), { learningRate: schedule(t) }),
      );
    });
    const trained = await train(() => tf.train.sgd(1), { learningRate: schedule }, [clipByGlobalNorm(0.5)]);
    // SGD's own 12 u; the factor's roundings are relative to updates of 0.05.
    expect(difference(trained, clipped)).toBeLessThanOrEqual(12 * u);
    expect(trained.grown).toBe(0);
    const free = await train(() => tf.train.sgd(1), { learningRate: schedule }, []);
    expect(await train(() => tf.train.sgd(1), { learningRate: schedule }, [clipByGlobalNorm(100)])).toEqual(free);
    expect(difference(trained, free)).toBeGreaterThan(1000 * u);
  });

  test('clipByValue equals the float64 formula', async () => {
    const clipped = float64((t, weights, gradients) => {
      const update = sgd();
      each(weights, (w, key, i) =>
        update(w, Math.min(0.5, Math.max(-0.5, gradients[key][i]!)), { learningRate: schedule(t) }),
      );
    });
    const trained = await train(() => tf.train.sgd(1), { learningRate: schedule }, [clipByValue(0.5)]);
    expect(difference(trained, clipped)).toBeLessThanOrEqual(12 * u);
    expect(trained.grown).toBe(0);
  });

  test('the first hook is the outermost: clipping comes before or after as they stand', async () => {
    const double: UpdateHook = {
      name: 'double',
      update: (gradients, _, next) =>
        tf.tidy(() =>
          next(gradients.map(({ name, tensor }) => ({ name, tensor: tensor && tf.mul(tensor as tf.Tensor, 2) }))),
        ),
    };
    const make = (): tf.Optimizer => tf.train.sgd(1);
    const first = await train(make, { learningRate: schedule }, [clipByValue(0.5), double]);
    const last = await train(make, { learningRate: schedule }, [double, clipByValue(0.5)]);
    const doubled = await train(make, { learningRate: (t) => 2 * schedule(t) }, [clipByValue(0.5)]);
    // Doubling is exact, so twice the gradient at one rate is one gradient at twice the rate.
    expect(first).toEqual(doubled);
    expect(difference(last, doubled)).toBeGreaterThan(0.01);
  });

  test.each([0, -1, NaN, Infinity])('a limit of %s is refused', (limit) => {
    expect(() => clipByGlobalNorm(limit)).toThrow(ScheduleError);
    expect(() => clipByValue(limit)).toThrow(
      `clipByValue: limit must be a number > 0, as in clipByValue(0.5); received ${limit}`,
    );
  });
});

test('a hook that does not call next skips the update: schedule, moments and weights stand still', async () => {
  const variable = tf.variable(tf.tensor1d(start.bias));
  const optimizer = tf.train.adam(1);
  let skip = true;
  const hook: UpdateHook = { name: 'skip', update: (gradients, _, next) => void (skip || next(gradients)) };
  const binding = bindOptimizer(optimizer, (step) => 1 / (step + 1), { hooks: [hook] });
  const gradient = tf.tensor1d([1, 1]);
  const update = (): void => optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
  update();
  expect([binding.step, optimizer.iterations, binding.learningRate]).toEqual([0, 0, 1]);
  expect(await numbersOf(variable)).toEqual(start.bias.map(Math.fround));
  skip = false;
  update();
  expect([binding.step, optimizer.iterations, binding.learningRate]).toEqual([1, 1, 1]);
  tf.dispose([variable, gradient]);
  optimizer.dispose();
});
