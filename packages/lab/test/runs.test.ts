import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePlan } from '@anneal/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'esbuild';
import { afterAll, describe, expect, test, vi } from 'vitest';
import {
  defaultSchedule,
  LabError,
  trialId,
  trialsOf,
  type MetricsRow,
  type TrainSettings,
  type TrialResult,
} from '../src/index.ts';
import { EventFile, readEvents, runTrain } from '../src/node/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'anneal-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings: TrainSettings = {
  version: 1,
  task: 'digits',
  backends: ['tfjs-wasm', 'onnxruntime-web-wasm'],
  optimizer: { name: 'momentum' },
  budget: { epochs: 1 },
  batchSize: 64,
  seed: 1,
  schedule: defaultSchedule(0.2),
  controlRate: 0.2,
  patience: null,
};

test('the summary keeps to its published schema', async () => {
  const { summary, directory } = await runTrain({ settings, out: join(folder, 'runs') });
  const schema = createRequire(import.meta.url)('@anneal/lab/summary.schema.json') as object;
  const check = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  check(JSON.parse(readFileSync(directory.file('summary'), 'utf8')));
  expect(check.errors).toBeNull();
  expect(check({ ...summary, version: 2 })).toBe(false);
  expect(check({ ...summary, runs: [{ ...summary!.runs[0], surprise: 1 }] })).toBe(false);
  expect(summary?.differences).toMatchObject([
    { run: 'schedule', steps: 16, learningRate: 0 },
    { run: 'control', steps: 16, learningRate: 0 },
  ]);
  expect(summary?.runs[0]).toMatchObject({ testAccuracy: expect.any(Number), testLoss: expect.any(Number) });
  // What a study was told lies beside it, a line for each trial.
  const told = readEvents<TrialResult>(directory.file('trials'));
  expect(told.map(({ id, trial, ended }) => [id, trial.label, trial.backend, ended])).toEqual(
    trialsOf(settings).map((trial) => [trialId(trial), trial.label, trial.backend, 'completed']),
  );
});

test('a diverging run says so, and the best weights are tested', async () => {
  const wild = { ...settings, schedule: { type: 'constant', value: 1e30 } as never, controlRate: null };
  const { summary } = await runTrain({ settings: wild, out: join(folder, 'wild') });
  expect(summary?.runs.map(({ stopped, testedStep }) => [stopped, testedStep])).toEqual([
    ['diverged', 0],
    ['diverged', 0],
  ]);
  expect(summary?.runs[1]?.reason).toMatch(/^the loss at step \d+ is /);
});

describe('resuming with more epochs', () => {
  const short: TrainSettings = {
    ...settings,
    backends: ['onnxruntime-web-wasm'],
    controlRate: null,
    budget: { epochs: 2 },
  };
  const stepsIn = (out: string) =>
    readEvents<MetricsRow>(join(folder, out, 'metrics.jsonl')).flatMap((row) => (row.event === 'step' ? [row] : []));
  const constant: TrainSettings = { ...short, schedule: { type: 'constant', value: 0.1 } as never };

  test('goes on from the last checkpoint; under a constant rate it ends as if it had been so long from the start', async () => {
    const longer: TrainSettings = { ...constant, budget: { epochs: 4 } };
    await runTrain({ settings: constant, out: join(folder, 'grown') });
    const grown = await runTrain({ settings: longer, out: join(folder, 'grown'), resume: true });
    const whole = await runTrain({ settings: longer, out: join(folder, 'at once') });
    expect(stepsIn('grown')).toEqual(stepsIn('at once'));
    const [one, other] = [grown, whole].map(({ summary }) => ({ ...summary!.runs[0], stepsPerSecond: 0 }));
    expect(one).toEqual(other);
    // Once more it has nothing to do, and says the same.
    const again = await runTrain({ settings: longer, out: join(folder, 'grown'), resume: true });
    expect(again.summary).toEqual(grown.summary);
  });

  test('a rate that would jump is refused, and led over where it is said how', async () => {
    const out = join(folder, 'led');
    const longer: TrainSettings = { ...short, budget: { epochs: 4 } };
    const stop = new AbortController();
    const onRows = (rows: readonly { readonly step: number }[]): void => {
      if (rows.some(({ step }) => step >= 20)) stop.abort();
    };
    const cut = await runTrain({ settings: short, out, onRows, signal: stop.signal, checkpointSteps: 1 });
    const { step } = cut.interrupted!;
    await expect(runTrain({ settings: longer, out, resume: true })).rejects.toThrow('would jump from');
    const { summary } = await runTrain({ settings: longer, out, resume: true, onJump: 'stretch' });
    expect(summary?.runs[0]).toMatchObject({ steps: 64, stopped: null });
    const rates = stepsIn('led').map(({ values }) => values.learningRate);
    expect(rates).toHaveLength(64);
    const before = parsePlan(short.schedule, { totalSteps: 32 }).learningRate as (step: number) => number;
    expect(rates[step]! / before(step)).toBeCloseTo(1, 5);
  });

  test('another seed is another study', async () => {
    const out = join(folder, 'grown');
    await expect(runTrain({ settings: { ...constant, seed: 2 }, out, resume: true })).rejects.toThrow('was begun with');
  });
});

test('event files can be cut back, and leave out a line that was not finished', () => {
  const path = join(folder, 'events.jsonl');
  const first = new EventFile<{ n: number }>(path, 0);
  first.append([{ n: 1 }, { n: 2 }]);
  const { length } = first;
  first.append([{ n: 3 }]);
  first.close();
  const again = new EventFile<{ n: number }>(path, length);
  again.append([{ n: 4 }]);
  again.close();
  expect(readEvents(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
  new EventFile(path, length + 3).close();
  expect(readEvents(path)).toEqual([{ n: 1 }, { n: 2 }]);
  expect(() => new EventFile<MetricsRow>(path, 1000)).toThrow(LabError);
});

test('nothing of Node is in the root entry, and nothing is loaded before it is asked for', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    splitting: true,
    platform: 'browser',
    conditions: ['@anneal/source'],
    outdir: folder,
    external: ['@tensorflow/*', 'onnxruntime-web', 'onnxruntime-web/wasm'],
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true),
  );
  expect(new Set(outside.map(({ path }) => path.split('/')[0]))).toEqual(new Set(['@tensorflow', 'onnxruntime-web']));
  // Data, models, optimizers and backends are loaded when they are asked for, not before.
  const { outputs } = metafile;
  const loaded = (path: string): readonly string[] => [
    path,
    ...outputs[path]!.imports.flatMap(({ kind, path: other, external }) => {
      if (kind !== 'import-statement') return [];
      return external === true ? [other] : loaded(other);
    }),
  ];
  const entry = Object.keys(outputs).find((path) => outputs[path]!.entryPoint?.endsWith('lab/src/index.ts'))!;
  const atOnce = new Set(loaded(entry));
  expect([...atOnce].filter((path) => outputs[path] === undefined)).toEqual([]);
  const sources = [...atOnce].flatMap((path) => Object.keys(outputs[path]!.inputs));
  const rooms =
    /packages\/(onnx|onnxruntime-web|tfjs|chart)\/|lab\/src\/(models|tasks\/[^/]+)\/|lab\/src\/optimizers\/(sgd|adam)/;
  expect(sources.filter((path) => rooms.test(path))).toEqual([]);
  expect(sources.length).toBeGreaterThan(30);
});
