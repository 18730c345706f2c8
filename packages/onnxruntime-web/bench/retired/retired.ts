import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Batch, Ort } from '../../src/index.ts';
import { shapesOf } from '../../src/batch.ts';
import { epsilon, type OpenPeer } from '../peer.ts';
import { checkpoint } from './checkpoint.ts';
import { optimizerModel } from './optimizerModel.ts';
import { trainingModel } from './trainingModel.ts';

/** The part of onnxruntime-web 1.19.2 that is used. */
interface Retired {
  readonly env: { readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
  readonly TrainingSession: {
    create(
      files: { checkpointState: Uint8Array; trainModel: Uint8Array; optimizerModel: Uint8Array },
      options: object,
    ): Promise<{
      runTrainStep(feeds: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>>;
      runOptimizerStep(): Promise<void>;
      lazyResetGrad(): Promise<void>;
      release(): Promise<void>;
    }>;
  };
}

/** The package forbids this entry in Node, where it works: it is opened as a file. */
async function load(): Promise<Retired> {
  const require = createRequire(import.meta.url);
  const main = require.resolve('onnxruntime-web-training');
  // It is bundled for browsers, and takes Node's modules from a global `require`.
  Object.assign(globalThis, { require });
  const file = path.join(path.dirname(main), 'ort.training.wasm.min.mjs');
  const retired = (await import(pathToFileURL(file).href)) as Retired;
  retired.env.wasm.numThreads = 1;
  return retired;
}

let loaded: Promise<Retired> | undefined;

/** Microsoft's training build of onnxruntime-web, withdrawn after 1.19.2: AdamW at a rate of 0.001, which JavaScript cannot change. */
export function retired(ort: Ort): OpenPeer {
  return async (task) => {
    loaded ??= load();
    const { Tensor, TrainingSession } = await loaded;
    const stream = task.batches();
    const { bytes, parameters } = await trainingModel(ort, task.model, shapesOf(task.batches().next().value));
    const session = await TrainingSession.create(
      { checkpointState: checkpoint(parameters), trainModel: bytes, optimizerModel: optimizerModel(epsilon) },
      { logSeverityLevel: 3 },
    );
    const typeOf = (data: unknown): string => (data instanceof Float32Array ? 'float32' : 'int32');
    const feedsOf = (batch: Batch): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(batch).map(([name, { data, dims }]) => [name, new Tensor(typeOf(data), data, dims)]),
      );
    return {
      name: 'onnxruntime-web 1.19.2 training',
      async train(steps) {
        const losses: number[] = [];
        for (let i = 0; i < steps; i++) {
          // oxlint-disable no-await-in-loop -- one step after the other
          const results = await session.runTrainStep(feedsOf(stream.next().value));
          losses.push(results['loss']!.data[0]!);
          await session.runOptimizerStep();
          await session.lazyResetGrad();
          // oxlint-enable no-await-in-loop
        }
        return losses;
      },
      close: () => session.release(),
    };
  };
}
