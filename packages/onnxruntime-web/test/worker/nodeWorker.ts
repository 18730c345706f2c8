import process from 'node:process';
import { parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-web';
import { serveTrainer } from '../../src/worker/index.ts';
import { makeTrainer } from './setup.ts';

ort.env.wasm.numThreads = 1;
serveTrainer(
  parentPort!,
  makeTrainer(ort, () => process.exit()),
);
