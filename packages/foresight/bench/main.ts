// What a page waits for while a schedule is dragged: `pnpm bench:foresight`. Medians over 31 rounds, in milliseconds; exit
// code 1 where one is above its bar. `--quick` shows that it runs, `--record` writes records/bench-foresight.json.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { cosineDecay, warmup } from '@anneal/core';
import { Recording } from '../../../scripts/records/recording.ts';
import { lastIterateBound, quadraticRisk } from '../src/index.ts';

const rounds = process.argv.includes('--quick') ? 3 : 31;
const schedule = (steps: number) =>
  warmup({ warmupSteps: steps / 20, schedule: cosineDecay({ initValue: 0.1, decaySteps: steps - steps / 20 }) });
const spectrum = Array.from({ length: 64 }, (_, i) => 0.01 ** (i / 63));
const even = Array.from({ length: 200 }, (_, i) => 500 * (i + 1));
const [long, short] = [schedule(100_000), schedule(10_000)];

const rows: readonly (readonly [name: string, bar: number, action: () => unknown])[] = [
  ['bound, 100,000 steps, 200 points by logarithm', 10, () => lastIterateBound(long, { steps: 100_000 })],
  ['bound, 100,000 steps, 200 points evenly', 60, () => lastIterateBound(long, { steps: 100_000, at: even })],
  ['quadratic, 64 eigenvalues, 10,000 steps', 15, () => quadraticRisk(short, { steps: 10_000, spectrum })],
  ['quadratic, the same with momentum', 15, () => quadraticRisk(short, { steps: 10_000, spectrum, momentum: 0.9 })],
  [
    'a frame: bound and quadratic, 10,000 steps',
    16,
    () => [
      lastIterateBound(short, { steps: 10_000 }),
      quadraticRisk(short, { steps: 10_000, spectrum, momentum: 0.9 }),
    ],
  ],
];

const recording = new Recording({ script: 'bench:foresight' });
const record = recording.table('What a page waits for while a schedule is dragged', 'what', 'time, ms', 'bar, ms');
process.stdout.write(`Node ${process.version}, medians of ${rounds} rounds\n`);
for (const [name, bar, action] of rows) {
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    action();
    return performance.now() - before;
  }).sort((a, b) => a - b);
  const middle = times[rounds >> 1]!;
  const missed = middle > bar;
  if (missed) process.exitCode = 1;
  record(name, middle, bar);
  process.stdout.write(
    `${name.padEnd(48)}${middle.toFixed(1).padStart(7)} ms   bar ${bar}${missed ? '  MISSED' : ''}\n`,
  );
}
recording.end();
