import type { Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import { decoupledWeightDecay } from '../src/ops/index.ts';
import { useBackend } from './backend.ts';
import recorded from './fixtures/torch_optimizers.json' with { type: 'json' };
import { difference } from './numbers.ts';
import { cases, epsilon } from './optimizers.ts';

beforeAll(() => useBackend());

// 50 updates of three weights, recorded by tools/reference/torch_optimizers.py.
const learningRate = (step: number): number => recorded.rates[step]!;
const momentum = (step: number): number => recorded.momenta[step]!;

/** The largest difference to PyTorch's float64 weights after any of the updates. */
async function differenceTo(name: string, make: () => tf.Optimizer, tracks: Partial<Plan> = {}): Promise<number> {
  const { float64 } = recorded.cases.find((one) => one.name === name)!;
  const optimizer = make();
  const variable = tf.variable(tf.tensor1d(recorded.start));
  const hooks = tracks.weightDecay === undefined ? [] : [decoupledWeightDecay()];
  bindOptimizer(optimizer, { learningRate, ...tracks }, { hooks });
  let largest = 0;
  for (const [t, gradient] of recorded.gradients.entries()) {
    tf.tidy(() => optimizer.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]));
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    largest = Math.max(largest, await difference(variable, float64[t]!));
  }
  variable.dispose();
  optimizer.dispose();
  return largest;
}

const ours = (name: string): (typeof cases)[number] => cases.find((one) => one.name === name)!;
const adam = ours('Adam');

test.each<[string, string, Partial<Plan>]>([
  ['SGD', 'SGD', {}],
  ['Momentum', 'Momentum', {}],
  ['Momentum under a schedule', 'Momentum', { momentum }],
  ['Nesterov', 'Nesterov', {}],
  ['Adam', 'Adam', {}],
  ['AdamW', 'Adam', { weightDecay: 0.1 }],
  ['Adamax', 'Adamax', {}],
])("the definitions coincide: PyTorch's %s", async (name, mine, tracks) => {
  const { make, tolerance } = ours(mine);
  // The tolerance is that of the class against float64, see optimizers.ts.
  expect(await differenceTo(name, make, tracks)).toBeLessThanOrEqual(tolerance);
});

test('a weight decay that is left out is seen', async () => {
  expect(await differenceTo('AdamW', adam.make)).toBeGreaterThan(50 * adam.tolerance);
});

// ε = 1e-7 stands inside the root in tfjs and outside in PyTorch: an update differs relatively by at most ε/2v. That is
// most at the first, where RMSprop's v = 0.1·g² may be 1e-3: 5e-5 of 0.014, and little once v has grown.
test.each([
  ['RMSprop', 'RMSProp'],
  ['Adagrad', 'Adagrad'],
] as const)('%s differs by the place of ε', async (name, mine) => {
  expect(await differenceTo(name, ours(mine).make)).toBeLessThanOrEqual(2e-6);
});

// The differences that the README documents.
test.each([
  ['RMSprop with momentum', () => tf.train.rmsprop(1, 0.9, 0.9, epsilon), 1.4],
  ['Adadelta', () => tf.train.adadelta(1, 0.95, epsilon), 0.09],
] as const)('%s is another algorithm', async (name, make, documented) => {
  expect(Math.abs((await differenceTo(name, make)) / documented - 1)).toBeLessThan(0.05);
});
