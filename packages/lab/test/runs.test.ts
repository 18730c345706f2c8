import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { build } from 'esbuild';
import { afterAll, expect, test, vi } from 'vitest';
import { defaultSchedule, LabError, type MetricsEvent, type RunSettings } from '../src/index.ts';
import { EventFile, readEvents, trainRuns } from '../src/node/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'anneal-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings: RunSettings = {
  version: 1,
  task: 'digits',
  backends: ['tfjs', 'onnxruntime-web'],
  optimizer: 'momentum',
  epochs: 1,
  batchSize: 64,
  seed: 1,
  schedule: defaultSchedule(0.2),
  controlRate: 0.2,
  patience: null,
};

test('the summary keeps to its published schema', async () => {
  const { summary, directory } = await trainRuns({ settings, out: join(folder, 'runs') });
  const schema = createRequire(import.meta.url)('@anneal/lab/summary.schema.json') as object;
  const check = new Ajv2020({ allErrors: true }).compile(schema);
  check(JSON.parse(readFileSync(directory.file('summary'), 'utf8')));
  expect(check.errors).toBeNull();
  expect(check({ ...summary, version: 2 })).toBe(false);
  expect(summary?.differences).toMatchObject([
    { run: 'schedule', steps: 16, learningRate: 0 },
    { run: 'control', steps: 16, learningRate: 0 },
  ]);
});

test('a diverging run says so, and the best weights are tested', async () => {
  const wild = {
    ...settings,
    schedule: { type: 'constant', value: 1e30 },
    controlRate: null,
  };
  const { summary } = await trainRuns({ settings: wild, out: join(folder, 'wild') });
  expect(summary?.runs.map(({ stopped, testedStep }) => [stopped, testedStep])).toEqual([
    ['diverged', 0],
    ['diverged', 0],
  ]);
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
  expect(() => new EventFile<MetricsEvent>(path, 1000)).toThrow(LabError);
});

test('nothing of Node is in the root entry', async () => {
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
  // A framework is loaded when a learner is made, not before.
  const chunks = Object.entries(metafile.outputs);
  const entry = chunks.find(([, { entryPoint }]) => entryPoint?.endsWith('lab/src/index.ts'))![1];
  const loadedAtOnce = (imports: typeof entry.imports): string[] =>
    imports
      .filter(({ kind }) => kind === 'import-statement')
      .flatMap(({ path, external }) => (external === true ? [path] : loadedAtOnce(metafile.outputs[path]!.imports)));
  expect(loadedAtOnce(entry.imports)).toEqual([]);
});
