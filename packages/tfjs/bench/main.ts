/**
 * What a binding costs: the hook around an optimizer whose own update does nothing, as a share of a training step of
 * that optimizer (perceptron 784-128-10, batch 64, trainOnBatch on wasm). Bar: under 0.1 %.
 *
 * `pnpm bench:tfjs`; `--quick` shows that it runs, `--record` writes records/bench-tfjs.json.
 */
import process from 'node:process';
import { cosineDecay, warmup, type Plan } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import * as layers from '@tensorflow/tfjs-layers';
import { Recording } from '../../../scripts/records/recording.ts';
import { bindOptimizer } from '../src/index.ts';

const schedule = warmup({ warmupSteps: 1000, schedule: cosineDecay({ initValue: 1e-3, decaySteps: 1e6 }) });
const momentum = cosineDecay({ initValue: 0.95, endValue: 0.85, decaySteps: 1e6 });
const quick = process.argv.includes('--quick');
const blocks = quick ? 2 : 9;

const recording = new Recording({ script: 'bench:tfjs' });
const record = recording.table(
  'The hook of a binding beside a training step of a perceptron 784-128-10, batch 64, on wasm',
  'optimizer',
  'hook, µs',
  'step, µs',
  'share, %',
);

const classes: Readonly<Record<string, () => tf.Optimizer>> = {
  SGD: () => tf.train.sgd(1e-3),
  Momentum: () => tf.train.momentum(1e-3, 0.9),
  Nesterov: () => tf.train.momentum(1e-3, 0.9, true),
  Adagrad: () => tf.train.adagrad(1e-3),
  Adadelta: () => tf.train.adadelta(1e-3),
  Adam: () => tf.train.adam(1e-3, 0.9, 0.999, 1e-7),
  Adamax: () => tf.train.adamax(1e-3, 0.9, 0.999, 1e-7),
  RMSProp: () => tf.train.rmsprop(1e-3, 0.9, 0, 1e-7),
};

/** Plans that drive a second hyperparameter, which costs more. */
const further: Readonly<Record<string, Plan>> = {
  Momentum: { learningRate: schedule, momentum },
  Adam: { learningRate: schedule, beta1: momentum },
};

type Call = () => unknown;

/** Microseconds per call. */
async function time(calls: number, call: Call): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = call();
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    if (result instanceof Promise) await result;
  }
  return ((performance.now() - start) / calls) * 1000;
}

/** The hook alone: four variables' gradients go through it to an update that only counts. */
function hookOf(make: () => tf.Optimizer, plan: Plan): Call {
  const optimizer = make() as tf.Optimizer & { iterations_: number };
  optimizer.applyGradients = () => {
    optimizer.iterations_ = optimizer.iterations + 1;
  };
  bindOptimizer(optimizer, plan);
  const gradients = Array.from({ length: 4 }, (_, i) => ({ name: `variable${i}`, tensor: tf.scalar(0) }));
  return () => optimizer.applyGradients(gradients);
}

function stepOf(make: () => tf.Optimizer): Call {
  const model = layers.sequential({
    layers: [
      layers.layers.dense({ units: 128, inputShape: [784], activation: 'relu' }),
      layers.layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });
  model.compile({ optimizer: make(), loss: 'categoricalCrossentropy' });
  const xs = tf.randomUniform([64, 784]);
  const ys = tf.oneHot(
    Array.from({ length: 64 }, (_, i) => i % 10),
    10,
  );
  return async () => model.trainOnBatch(xs, ys);
}

/** The median, tenth and ninetieth percentile. */
function spread(values: readonly number[]): readonly [median: number, p10: number, p90: number] {
  const sorted = values.toSorted((x, y) => x - y);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(0.5), at(0.1), at(0.9)];
}

const show = (value: number): string => value.toFixed(value < 10 ? 2 : 0).padStart(7);

/** Measures hook and step in turn, so that both see the same machine, and compares within each round. */
async function compare(name: string, step: Call, hook: Call): Promise<void> {
  const rounds: (readonly [hook: number, step: number])[] = [];
  for (let round = 0; round < blocks + 1; round++)
    // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
    rounds.push([await time(quick ? 200 : 20_000, hook), await time(quick ? 2 : 30, step)]);
  rounds.shift(); // the first warms up
  const [hooks, steps] = [0, 1].map((which) => spread(rounds.map((round) => round[which]!)));
  const [share] = spread(rounds.map(([a, b]) => (a / b) * 100));
  record(name, hooks![0], steps![0], share);
  process.stdout.write(
    `${name.padEnd(22)} hook ${hooks!.map(show).join(' ')} µs   step ${steps!.map(show).join(' ')} µs   ${share.toFixed(4)} % ${share < 0.1 ? 'ok' : 'ABOVE 0.1 %'}\n`,
  );
}

tf.env().set('PROD', true);
await tf.setBackend('wasm');
process.stdout.write(
  `median, p10, p90 of ${blocks} rounds, the share's median of the rounds' own; ${process.version}, ${process.arch}\n`,
);
for (const [name, make] of Object.entries(classes)) {
  const step = stepOf(make);
  // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
  await compare(name, step, hookOf(make, { learningRate: schedule }));
  const plan = further[name];
  // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
  if (plan !== undefined) await compare(`${name}, two tracks`, step, hookOf(make, plan));
}
recording.end({ packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'], from: import.meta.url });
