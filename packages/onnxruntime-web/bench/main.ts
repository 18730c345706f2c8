/**
 * The speed of training, against the design's bars: one process, one thread, batches made inside the measured time, every loss read,
 * nothing switched off. All peers train the same model from the same weights on the same batches, and their losses are compared before
 * anything is timed. Rounds are interleaved; a ratio is a peer's time by ours in the same round.
 *
 * `pnpm bench:onnx` takes some minutes and wants a quiet machine. `--quick` shows that it runs; `--cpu-time` counts the processor's time
 * instead of the clock's, for a machine that others use as well; `--case gpt` runs the cases whose name contains that;
 * `--record` writes records/bench-onnx.json.
 *
 * Peers that are not installed with the repository are measured where they are found: onnxruntime-node in the folder that
 * ONNXRUNTIME_NODE names (made by `npm install --ignore-scripts onnxruntime-node@1.30.0` in an empty one), PyTorch in `python3` or what
 * PYTHON names.
 */
import process from 'node:process';
import { constant, cosineDecay, warmup, type Schedule } from '@anneal/core';
import * as ort from 'onnxruntime-web';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { Recording } from '../../../scripts/records/recording.ts';
import { nodeRuntime } from './nodeRuntime.ts';
import { ours, stepsPerCall } from './ours.ts';
import type { OpenPeer, Peer, Settings } from './peer.ts';
import { pytorch } from './pytorch.ts';
import { retired } from './retired/retired.ts';
import { convolutional, perceptron, transformer, type Task } from './task.ts';
import { tfjs, type Loop } from './tfjsPeer.ts';

/** A task with an optimizer, and what is asked of it. */
interface Case {
  readonly name: string;
  readonly task: Task;
  readonly optimizer: Settings['optimizer'];
  /** Peak of the schedule. */
  readonly peak: number;
  /** Updates of ours in one measurement; slower peers make fewer. */
  readonly steps: number;
  /** The loops of tfjs-wasm that can train it, and the bar against the fastest. */
  readonly loops: readonly Loop[];
  readonly bar?: number;
}

const dense: readonly Loop[] = ['minimize', 'applyGradients', 'trainOnBatch'];
const all: readonly Case[] = [
  {
    name: 'mlp 784-128-10, batch 64, SGD',
    task: perceptron(784, 128, 10),
    optimizer: 'sgd',
    peak: 0.1,
    steps: 64,
    loops: dense,
    bar: 5,
  },
  {
    name: 'mlp 784-128-10, batch 64, Adam',
    task: perceptron(784, 128, 10),
    optimizer: 'adam',
    peak: 1e-3,
    steps: 64,
    loops: dense,
    bar: 4.5,
  },
  {
    name: 'mlp 784-1024-1024-10, batch 64, SGD',
    task: perceptron(784, 1024, 1024, 10),
    optimizer: 'sgd',
    peak: 0.05,
    steps: 16,
    loops: dense,
    bar: 5,
  },
  {
    name: 'mlp 784-1024-1024-10, batch 64, Adam',
    task: perceptron(784, 1024, 1024, 10),
    optimizer: 'adam',
    peak: 1e-3,
    steps: 16,
    loops: dense,
    bar: 4.5,
  },
  {
    name: 'cnn 28×28, two convolutions and pools, batch 32, Adam',
    task: convolutional(),
    optimizer: 'adam',
    peak: 1e-3,
    steps: 16,
    loops: [],
  },
  {
    name: 'gpt 2 blocks, width 64, 32 tokens, batch 16, Adam',
    task: transformer(),
    optimizer: 'adam',
    peak: 1e-3,
    steps: 16,
    loops: dense.slice(0, 2),
    bar: 5,
  },
];
/** The retired build has Adam alone, at a rate that nothing can change. */
const retiredRate = constant({ value: 1e-3 });
const retiredBar = 1;

const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};
const quick = process.argv.includes('--quick');
const rounds = quick ? 3 : 15;
/** Not measured: engines compile what they run while they run it. */
const warmupRounds = 3;
const cpuTime = process.argv.includes('--cpu-time');
const wanted = argument('--case') ?? '';

const recording = new Recording({ script: 'bench:onnx' });

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const now = (): number => {
  if (!cpuTime) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.round(share * (values.length - 1))]!;
const scheduleOf = (peak: number): Schedule =>
  warmup({ warmupSteps: 50, schedule: cosineDecay({ initValue: peak, decaySteps: 5000 }) });

/** One peer in one case: how it is opened, and how many updates make a measurement. */
interface Entry {
  readonly name: string;
  readonly open: OpenPeer;
  readonly steps: number;
  readonly rate: Schedule;
}

const node = await nodeRuntime();
const oursOpen = ours('this package', ort);
const nodeOpen = node && ours('this package on onnxruntime-node', node);

function entriesOf({ optimizer, peak, steps, loops }: Case): Entry[] {
  const rate = scheduleOf(peak);
  const slow = Math.max(1, Math.round(steps / 8));
  return [
    { name: 'this package', open: oursOpen, steps, rate },
    ...(nodeOpen === undefined ? [] : [{ name: 'this package on onnxruntime-node', open: nodeOpen, steps, rate }]),
    ...(optimizer === 'adam'
      ? [{ name: 'onnxruntime-web 1.19.2 training', open: retired(ort), steps, rate: retiredRate }]
      : []),
    ...loops.map((loop) => ({ name: `tfjs-wasm ${loop}`, open: tfjs('wasm', loop), steps: slow, rate })),
    { name: 'tfjs-cpu minimize', open: tfjs('cpu', 'minimize'), steps: 1, rate },
  ];
}

/** Two that train alike have the same losses, to what float32 sums in another order can make of them over a few updates. */
async function checkMathematics(entries: readonly Entry[], one: Case): Promise<void> {
  // All at the rate of the retired build where it takes part.
  const rate = one.optimizer === 'adam' ? retiredRate : scheduleOf(one.peak);
  let expected: ArrayLike<number> | undefined;
  for (const { name, open } of entries) {
    // oxlint-disable no-await-in-loop -- one peer at a time
    const peer = await open(one.task, { optimizer: one.optimizer, rate });
    const losses = await peer.train(name.startsWith('tfjs-cpu') ? 2 : 8);
    await peer.close();
    // oxlint-enable no-await-in-loop
    expected ??= losses;
    const worst = Math.max(...Array.from(losses, (loss, i) => Math.abs(loss / expected![i]! - 1)));
    if (!(worst <= 1e-4))
      throw new Error(
        `${one.name}: the losses of ${name} differ from ours by ${worst}: ${Array.from(losses).join(', ')}`,
      );
  }
}

async function measure(one: Case): Promise<Map<string, { ms: number; ratios: number[] }>> {
  const entries = entriesOf(one);
  await checkMathematics(entries, one);
  const peers: { peer: Peer; steps: number; name: string; times: number[] }[] = [];
  for (const { name, open, steps, rate } of entries) {
    // oxlint-disable-next-line no-await-in-loop -- one peer at a time
    peers.push({ name, peer: await open(one.task, { optimizer: one.optimizer, rate }), steps, times: [] });
  }
  const python = await pytorch(one.task, one.optimizer, cpuTime);
  const pythonTimes: number[] = [];
  for (let round = -warmupRounds; round < rounds; round++) {
    for (const { peer, steps, times } of peers) {
      const start = now();
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      await peer.train(steps);
      if (round >= 0) times.push((now() - start) / steps);
    }
    // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
    const ms = await python?.train(one.steps);
    if (ms !== undefined && round >= 0) pythonTimes.push(ms);
  }
  // oxlint-disable-next-line no-await-in-loop -- one peer at a time
  for (const { peer } of peers) await peer.close();
  python?.close();
  const [own] = peers;
  const ratiosOf = (times: readonly number[]): number[] => times.map((time, i) => time / own!.times[i]!);
  return new Map([
    ...peers.map(({ name, times }) => [name, { ms: quantile(times, 0.5), ratios: ratiosOf(times) }] as const),
    ...(pythonTimes.length === 0
      ? []
      : [['PyTorch', { ms: quantile(pythonTimes, 0.5), ratios: ratiosOf(pythonTimes) }] as const]),
  ]);
}

ort.env.wasm.numThreads = 1;
setThreadsCount(1);
tf.enableProdMode(); // no banner

const clock = cpuTime ? "processor's time" : 'wall clock';
print(
  `Node ${process.version}, ${process.arch}; one thread; ${rounds} interleaved rounds; ${clock}; K = ${stepsPerCall} updates per call`,
);
print('ratio: how many times faster this package is than the peer, median (p10 … p90) of rounds');

let missed = 0;
const judge = (ratio: number, bar: number): string => {
  if (ratio >= bar) return `bar ${bar} met`;
  missed++;
  return `BAR ${bar} MISSED`;
};
const againstRetired: number[] = [];
for (const one of all.filter(({ name }) => name.includes(wanted))) {
  print(`\n${one.name}`);
  const record = recording.table(
    one.name,
    'trainer',
    'update, ms',
    'times as fast is ours',
    'its tenth',
    'its ninetieth percentile',
  );
  // oxlint-disable-next-line no-await-in-loop -- one case at a time
  const results = await measure(one);
  const fastest = [...results]
    .filter(([name]) => name.startsWith('tfjs-wasm'))
    .sort((a, b) => a[1].ms - b[1].ms)[0]?.[0];
  for (const [name, { ms, ratios }] of results) {
    const median = quantile(ratios, 0.5);
    if (name.startsWith('onnxruntime-web 1.19.2')) againstRetired.push(median);
    record(name, ms, median, quantile(ratios, 0.1), quantile(ratios, 0.9));
    const verdict = name === fastest && one.bar !== undefined ? judge(median, one.bar) : '';
    const shown =
      name === 'this package'
        ? ''
        : `${median.toFixed(2).padStart(8)} (${quantile(ratios, 0.1).toFixed(2)} … ${quantile(ratios, 0.9).toFixed(2)})`;
    print(`  ${name.padEnd(34)}${ms.toFixed(2).padStart(9)} ms${shown.padEnd(30)}${verdict}`);
  }
  if (fastest === undefined) print('  tfjs-wasm                          has no gradient of a convolution');
}
if (againstRetired.length > 0) {
  const mean = Math.exp(againstRetired.reduce((sum, ratio) => sum + Math.log(ratio), 0) / againstRetired.length);
  print(
    `\nonnxruntime-web 1.19.2 training, geometric mean over ${againstRetired.length} models: ${mean.toFixed(2)}   ${judge(mean, retiredBar)}`,
  );
}
recording.end({
  packages: ['onnxruntime-web', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  from: import.meta.url,
  versions: { clock, 'updates per call': String(stepsPerCall) },
});
print(missed === 0 ? 'every bar is met' : `${missed} missed`);
process.exit(missed === 0 ? 0 : 1);
