/**
 * A program of somebody who trains with tfjs-node: every optimizer class in `fit` under a plan and hooks, saved to a file
 * and resumed bit for bit, the rate written for TensorBoard. Compiled and run against the published packages by the check
 * of the published package; throws where something is wrong.
 *
 * The native addon of tfjs-node is downloaded when it is installed, which no test may need. Here a stand-in notes what
 * the addon is told to write, and tfjs-node, otherwise as it is published, computes on the cpu backend that it carries.
 */
// oxlint-disable no-restricted-imports -- the package by its name, as others import it
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cosineDecay } from '@anneal/core';
import { bindOptimizer, type Binding } from '@anneal/tfjs';
import { callbackList, learningRateCallback } from '@anneal/tfjs/layers';
import { clipByGlobalNorm, decoupledWeightDecay } from '@anneal/tfjs/ops';
import { loadTraining, saveTraining } from '@anneal/tfjs/training';
import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';

/** What tfjs-node exports, as far as it is used here. */
type TfjsNode = typeof core &
  typeof layers & {
    readonly io: { fileSystem(path: string): core.io.IOHandler };
    readonly node: { tensorBoard(directory: string, options: { updateFreq: 'batch' | 'epoch' }): layers.Callback };
  };

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`tfjs-node: ${what}`);
}

/** Names and values of the scalars that the addon was told to write. */
const written: (readonly [name: string, value: number])[] = [];

function tfjsNode(): TfjsNode {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@tensorflow/tfjs-node/package.json');
  const finder = createRequire(manifest)('@mapbox/node-pre-gyp') as { find(manifest: string): string };
  const addon = finder.find(manifest);
  const given: unknown[] = [];
  const standIn = {
    isUsingGpuDevice: () => false,
    createTensor: (_shape: number[], _type: number, value: unknown) => given.push(value) - 1,
    deleteTensor: () => undefined,
    executeOp(op: string, _attributes: unknown, inputs: number[]) {
      const [, , name, value] = inputs.map((id) => given[id]) as [unknown, unknown, Uint8Array[], ArrayLike<number>];
      if (op === 'WriteScalarSummary') written.push([new TextDecoder().decode(name[0]), value[0]!]);
      return op === 'SummaryWriter' ? [{ id: given.push(undefined) - 1, shape: [], dtype: 20 }] : [];
    },
    TF_RESOURCE: 20,
  };
  mkdirSync(dirname(addon), { recursive: true });
  writeFileSync(addon, '');
  require.cache[addon] = Object.assign(new Module(addon), { exports: standIn, loaded: true });
  return require('@tensorflow/tfjs-node') as TfjsNode;
}

const tf = tfjsNode();
await tf.setBackend('cpu');
const folder = mkdtempSync(join(tmpdir(), 'anneal-tfjs-node-'));
// Whether this package's copy of tfjs-core is tfjs-node's, which then knows addresses that begin with file://.
const { io } = await import('@tensorflow/tfjs-core');
const shared = io.getSaveHandlers('file://x').length > 0;

const classes: Readonly<Record<string, () => core.Optimizer>> = {
  SGD: () => tf.train.sgd(1),
  Momentum: () => tf.train.momentum(1, 0.9),
  Nesterov: () => tf.train.momentum(1, 0.9, true),
  Adagrad: () => tf.train.adagrad(1),
  Adadelta: () => tf.train.adadelta(1),
  Adam: () => tf.train.adam(1),
  Adamax: () => tf.train.adamax(1),
  RMSProp: () => tf.train.rmsprop(1, 0.9, 0.9),
};
const rate = cosineDecay({ initValue: 0.1, decaySteps: 16 });
const [xs, ys] = [tf.randomUniform([8, 3]), tf.randomUniform([8, 2])];

function begin(make: () => core.Optimizer): { model: layers.Sequential; weights: layers.Sequential; binding: Binding } {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  model.compile({ optimizer: make(), loss: 'meanSquaredError' });
  const hooks = [clipByGlobalNorm(1), decoupledWeightDecay()];
  const binding = bindOptimizer(model.optimizer, { learningRate: rate, weightDecay: 0.01 }, { hooks });
  return { model, weights: model, binding };
}
/** tfjs-node's callback. It demands that the addon's backend be the active one, which can note here but not compute. */
function tensorBoard(): layers.Callback {
  const board = tf.node.tensorBoard(folder, { updateFreq: 'batch' });
  for (const hook of ['onBatchEnd', 'onEpochEnd'] as const) {
    const own = board[hook].bind(board);
    board[hook] = async (index, logs) => {
      await tf.setBackend('tensorflow');
      await own(index, logs);
      await tf.setBackend('cpu');
    };
  }
  return board;
}

async function go({ model, binding }: ReturnType<typeof begin>, from: number, to: number): Promise<unknown> {
  const callbacks = callbackList(learningRateCallback(binding), tensorBoard());
  const fit = { initialEpoch: from, epochs: to, batchSize: 4, shuffle: false, verbose: 0, callbacks };
  return (await model.fit(xs, ys, fit)).history['lr'];
}
const numbers = ({ model }: ReturnType<typeof begin>): string =>
  String(model.getWeights().map((weight) => [...weight.dataSync()]));

for (const [name, make] of Object.entries(classes)) {
  const place = join(folder, name);
  const whole = begin(make);
  await go(whole, 0, 2);
  await saveTraining(shared ? `file://${place}` : tf.io.fileSystem(place), whole);
  written.length = 0;
  const rates = await go(whole, 2, 4);
  const expected = [4, 5, 6, 7].map((step) => Math.fround(rate(step)));
  demand(String(rates) === String([expected[1], expected[3]]), `${name} trained at ${String(rates)}`);
  const values = (key: string): string => String(written.flatMap(([at, value]) => (at === key ? [value] : [])));
  demand(values('batch_lr') === String(expected), `TensorBoard got ${values('batch_lr')} for each batch of ${name}`);
  demand(values('epoch_lr') === String(rates), `TensorBoard got ${values('epoch_lr')} for each epoch of ${name}`);

  const resumed = begin(make);
  const file = join(place, 'model.json');
  await loadTraining(shared ? `file://${file}` : tf.io.fileSystem(file), resumed);
  await go(resumed, 2, 4);
  demand(numbers(resumed) === numbers(whole), `${name} does not go on bit for bit from a file`);
}
process.stdout.write(`passed with ${shared ? 'one copy' : 'a copy of its own'}\n`);
