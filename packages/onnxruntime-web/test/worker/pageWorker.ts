import * as ort from 'onnxruntime-web/wasm';
import { serveTrainer, type WorkerScope } from '../../src/worker/index.ts';
import { makeTrainer } from './setup.ts';

declare const self: WorkerScope & { close(): void };

ort.env.wasm.numThreads = 1;
serveTrainer(
  self,
  makeTrainer(ort, () => self.close()),
);
