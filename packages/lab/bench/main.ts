/**
 * What the lab's training loop costs: updates per second of one trial against the bare loop of the adapter on the same
 * batches, batch preparation inside on both sides. The trial does all that a command does: validations, events as lines of
 * JSON, the best weights, checkpoints, the test. What both open before they start, sessions for the shapes to come, is
 * outside. What running the validation and test examples through the model takes is told apart: it is no cost of a loop.
 *
 * `pnpm bench:lab` takes a minute or two and wants a quiet machine; `--cpu-time` counts the processor's time instead of the
 * clock's, for one that others use as well; `--quick` shows that it runs;
 * `--record` writes records/bench-lab.json. Exit 1 above a bar.
 */
import process from 'node:process';
import { Recording } from '../../../scripts/records/recording.ts';
import { backendNamed } from '../src/learners/backendNamed.ts';
import { encodeCheckpoint } from '../src/trials/checkpoint.ts';
import { evaluate } from '../src/trials/evaluate.ts';
import { runTrial } from '../src/trials/runTrial.ts';
import { createSetup, type Setup } from '../src/trials/setup.ts';
import type { Trial } from '../src/trials/trial.ts';
import { bareLoops } from './bareLoops.ts';

const quick = process.argv.includes('--quick');
const clock = process.argv.includes('--cpu-time')
  ? () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6
  : () => performance.now() / 1000;
const rounds = quick ? 1 : 5;
const bars: Readonly<Record<string, number>> = { 'onnxruntime-web': 0.15, tfjs: 0.05 };

const trialOn = (backend: string): Trial => ({
  label: 'schedule',
  task: 'digits',
  backend,
  optimizer: { name: 'momentum' },
  schedule: {
    type: 'warmup',
    warmupSteps: '10%',
    schedule: { type: 'cosineDecay', initValue: 0.2, decaySteps: '90%' },
  } as unknown as Trial['schedule'],
  batchSize: 32,
  seed: 1,
  budget: { epochs: quick ? 2 : 90 },
  patience: null,
});

/** Seconds that one trial takes, and what is in them for looking at validation and test. */
async function trialSeconds(setup: Setup): Promise<{ readonly trial: number; readonly looks: number }> {
  const learner = await backendNamed(setup.trial.backend).open(setup);
  for (const split of ['validation', 'test'] as const) await evaluate(setup.task, setup.source, split, learner.predict);
  let bytes = 0;
  const splits: ('validation' | 'test')[] = [];
  const started = clock();
  await runTrial(setup, learner, {
    events: (events) => {
      for (const event of events) {
        bytes += JSON.stringify(event).length;
        if (event.event === 'evaluation') splits.push(event.split === 'test' ? 'test' : 'validation');
      }
    },
    checkpoint: (checkpoint) => {
      bytes += encodeCheckpoint(checkpoint).length;
    },
  });
  const trial = clock() - started;
  const again = clock();
  for (const split of splits) await evaluate(setup.task, setup.source, split, learner.predict);
  const looks = clock() - again;
  await learner.dispose();
  if (bytes === 0) throw new Error('the trial told nothing');
  return { trial, looks };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const recording = new Recording({ script: 'bench:lab' });
const record = recording.table(
  'A trial beside the bare loop of its adapter',
  'backend',
  'updates a second, bare',
  'in a trial',
  'loop, %',
  'bar, %',
  'looking, %',
);
let failed = false;
for (const [backend, bareSeconds] of Object.entries(bareLoops)) {
  const setup = await createSetup(trialOn(backend));
  const times: { readonly bare: number; readonly trial: number; readonly looks: number }[] = [];
  // The first round warms up; each side begins every other one.
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % 2 === 0 ? await bareSeconds(setup, clock) : undefined;
    const taken = await trialSeconds(setup);
    times.push({ bare: first ?? (await bareSeconds(setup, clock)), ...taken });
  }
  const measured = times.slice(1);
  const rate = (of: 'bare' | 'trial'): number => setup.totalSteps / median(measured.map((one) => one[of]));
  const perSecond = (of: 'bare' | 'trial'): string => Math.round(rate(of)).toLocaleString('en-US');
  const loop = median(measured.map(({ bare, trial, looks }) => (trial - looks) / bare)) - 1;
  const looking = median(measured.map(({ bare, looks }) => looks / bare));
  const bar = bars[backend]!;
  record(backend, rate('bare'), rate('trial'), 100 * loop, 100 * bar, 100 * looking);
  failed ||= loop > bar && !quick;
  // oxlint-disable-next-line no-console -- what the benchmark is for
  console.log(
    [
      `${backend}: ${perSecond('bare')} updates/s bare`,
      `${perSecond('trial')} in a trial`,
      `the loop costs ${percent(loop)} (bar ${percent(bar)}), looking at validation and test ${percent(looking)}`,
    ].join(', '),
  );
}
recording.end({ packages: ['onnxruntime-web', '@tensorflow/tfjs-core'], from: import.meta.url });
process.exitCode = failed ? 1 : 0;
