/**
 * A program that may be killed at any moment: trains every optimizer class under a plan, saves after each update, and
 * goes on where it finds something saved. Its arguments are a backend and a folder.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import { trainingFromBytes, trainingToBytes } from '../src/training/index.ts';
import { cases } from './optimizers.ts';
import { begin, go, tracksOf, updates } from './trained.ts';

const [backend, folder] = process.argv.slice(2) as [string, string];
tf.env().set('PROD', true); // no banner
await tf.setBackend(backend);

const trainings = cases.map(({ name, make }) => {
  const file = join(folder, `${name}.safetensors`);
  const training = begin(make, tracksOf[name] ?? {});
  if (existsSync(file)) trainingFromBytes(readFileSync(file), training);
  return { training, file };
});
for (let t = 0; t < updates; t++)
  for (const { training, file } of trainings) {
    if (training.binding.step > t) continue;
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    await go(training, t, t + 1);
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    writeFileSync(`${file}.part`, await trainingToBytes(training));
    renameSync(`${file}.part`, file);
    process.stdout.write('.');
  }
