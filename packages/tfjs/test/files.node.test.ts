import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { trainingFromBytes, trainingToBytes } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { weightsOf } from './mlp.ts';
import { epsilon } from './optimizers.ts';
import { begin, beta1, go } from './trained.ts';

beforeAll(() => useBackend());

test('a training goes on from a file of Node, whose bytes are a Buffer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-training-'));
  const file = join(folder, 'run.safetensors');
  const start = (seed: number): ReturnType<typeof begin> =>
    begin(() => tf.train.adam(1, 0.9, 0.999, epsilon), { beta1 }, seed);
  const whole = start(1);
  await go(whole, 0, 3);
  await writeFile(file, await trainingToBytes(whole));
  const resumed = start(77);
  trainingFromBytes(await readFile(file), resumed);
  for (const one of [whole, resumed]) await go(one, 3, 6);
  expect(await weightsOf(resumed.model)).toEqual(await weightsOf(whole.model));
  whole.dispose();
  resumed.dispose();
  rmSync(folder, { recursive: true });
});
