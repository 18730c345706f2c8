import * as ort from 'onnxruntime-web/wasm';
import type { TrainingWorker } from '../../src/worker/index.ts';
import { workerContract } from './contract.ts';

declare const Worker: new (url: URL, options: { readonly type: 'module' }) => TrainingWorker & { terminate(): void };

ort.env.wasm.numThreads = 1;
workerContract(
  ort,
  () => new Worker(new URL('pageWorker.ts', import.meta.url), { type: 'module' }),
  () => new Worker(new URL('data:text/javascript,throw new Error("broken")'), { type: 'module' }),
);
