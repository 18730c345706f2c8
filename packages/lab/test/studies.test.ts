import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  defaultSchedule,
  inline,
  runStudy,
  trialId,
  trialsOf,
  trainStudy,
  type Executor,
  type ExecutorHost,
  type Study,
  type StudyHost,
  type TrainingEvent,
  type TrainSettings,
  type Trial,
  type TrialResult,
} from '../src/index.ts';
import { workers } from '../src/node/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const settings: TrainSettings = {
  version: 1,
  task: 'digits',
  backends: ['onnxruntime-web', 'tfjs-cpu'],
  optimizer: { name: 'momentum' },
  budget: { updates: 6 },
  validateEvery: 2,
  batchSize: 16,
  seed: 1,
  schedule: defaultSchedule(0.1),
  controlRate: 0.1,
  patience: null,
};
const study = trainStudy(settings, () => ({ title: '', sections: [], command: '' }));

/** A host that keeps everything in memory, and what it was told. */
function host(told: readonly TrialResult[] = [], signal: AbortSignal = new AbortController().signal) {
  const kept = {
    events: new Map<string, TrainingEvent[]>(),
    checkpoints: new Map<string, Uint8Array>(),
    results: [...told],
  };
  const memory: StudyHost = {
    told,
    signal,
    events: (id, events) => {
      const timeless = events.filter(({ event }) => event !== 'timing');
      kept.events.set(id, [...(kept.events.get(id) ?? []), ...timeless]);
    },
    restore: async (id) => kept.checkpoints.get(id),
    checkpoint: async (id, file) => {
      kept.checkpoints.set(id, file);
    },
    done: (result) => kept.results.push(result),
  };
  return { memory, kept };
}

const timeless = (results: readonly TrialResult[]) =>
  results.map((result) => ({ ...result, stepSeconds: 0 })).sort((a, b) => (a.id < b.id ? -1 : 1));

/** The threads' program as JavaScript, which lies where the backends are installed. */
const program = new URL('../.tsbuild/worker/workerMain.js', import.meta.url);
beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/node/workerMain.ts', import.meta.url))],
    outdir: fileURLToPath(new URL('.', program)),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@anneal/source'],
    external: ['@tensorflow/*', 'onnxruntime-web'],
    logLevel: 'error',
  });
});

describe('a study', () => {
  test('comes to the same bits inline and on worker threads, several at once', async () => {
    const [here, there] = [host(), host()];
    const threads = workers({ slots: 2, program });
    try {
      const [one, other] = [await runStudy(study, inline(), here.memory), await runStudy(study, threads, there.memory)];
      expect([one.done, other.done]).toEqual([true, true]);
      expect(here.kept.results.map(({ ended }) => ended)).toEqual(Array.from({ length: 4 }, () => 'completed'));
      expect(timeless(there.kept.results)).toEqual(timeless(here.kept.results));
      expect(Object.fromEntries(there.kept.events)).toEqual(Object.fromEntries(here.kept.events));
      expect([...there.kept.checkpoints.keys()].sort()).toEqual(trialsOf(settings).map(trialId).sort());
    } finally {
      await threads.close();
    }
  });

  test('asks nothing twice: told one result it goes on with the others', async () => {
    const first = host();
    await runStudy(study, inline(), first.memory);
    const rest = host(first.kept.results.slice(0, 1));
    const { told } = await runStudy(study, inline(), rest.memory);
    expect([...rest.kept.events.keys()]).toEqual(trialsOf(settings).slice(1).map(trialId));
    expect(timeless(told)).toEqual(timeless(first.kept.results));
    const nothing = host(told);
    await runStudy(study, inline(), nothing.memory);
    expect(nothing.kept.events.size).toBe(0);
  });

  test('aborted, it tells nothing of the trial under way, which goes on from its checkpoint', async () => {
    const whole = host();
    await runStudy(study, inline(), whole.memory);
    const stop = new AbortController();
    const cut = host([], stop.signal);
    const stopping: StudyHost = {
      ...cut.memory,
      events: (id, events) => {
        cut.memory.events(id, events);
        if (events.some((event) => event.event === 'evaluation' && event.step === 4)) stop.abort();
      },
    };
    const { aborted, done } = await runStudy(study, inline(), stopping);
    expect([done, aborted.map(({ ended, updates }) => [ended, updates])]).toEqual([false, [['aborted', 4]]]);
    const again: StudyHost = { ...cut.memory, signal: new AbortController().signal };
    await runStudy(study, inline(), again);
    expect(timeless(cut.kept.results)).toEqual(timeless(whole.kept.results));
    expect([...cut.kept.events]).toEqual([...whole.kept.events]);
  });

  test('a trial that throws is told as failed, and the others go on', async () => {
    const wrong: Trial = { ...trialsOf(settings)[0]!, label: 'wrong', batchSize: 5000 };
    const both: Pick<Study<unknown>, 'ask'> = {
      ask: (told) => {
        const left = [wrong, trialsOf(settings)[0]!].filter((one) => told.every(({ id }) => id !== trialId(one)));
        return { trials: left, done: left.length === 0 };
      },
    };
    for (const make of [inline, () => workers({ slots: 2, program })]) {
      const executor: Executor & { close(): Promise<void> } = make();
      const { memory, kept } = host();
      await runStudy(both, executor, memory);
      await executor.close();
      const ended = Object.fromEntries(
        kept.results.map(({ trial, ended: how, reason }) => [trial.label, [how, reason]]),
      );
      expect(ended).toEqual({
        wrong: ['failed', 'batchSize must be an integer from 1 to the 1078 training examples; received 5000'],
        schedule: ['completed', null],
      });
    }
  });

  test('is asked after each validation whether a trial is worth going on with, on threads too', async () => {
    const pruning: Pick<Study<unknown>, 'ask' | 'prune'> = {
      ask: (told) => ({ trials: told.length === 0 ? trialsOf(settings).slice(0, 1) : [], done: told.length > 0 }),
      prune: ({ curve }) => curve.some(({ step }) => step === 4),
    };
    for (const make of [inline, () => workers({ slots: 1, program })]) {
      const executor: Executor & { close(): Promise<void> } = make();
      const { memory, kept } = host();
      await runStudy(pruning, executor, memory);
      await executor.close();
      expect(kept.results.map(({ ended, updates }) => [ended, updates])).toEqual([['pruned', 4]]);
    }
  });

  test('a thread that dies fails its trial alone', async () => {
    const dying = workers({
      slots: 1,
      program,
      parse: { module: 'data:text/javascript,process.exit(3)', name: 'x' },
    });
    const results: TrialResult[] = [];
    const told: ExecutorHost = { ...host().memory, done: (result) => results.push(result) };
    await dying.run(trialsOf(settings).slice(0, 1), told);
    await dying.close();
    expect(results.map(({ ended, reason }) => [ended, reason])).toEqual([['failed', 'its thread ended with code 3']]);
  });
});
