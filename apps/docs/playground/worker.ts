import { backendNamed, createSetup, runTrial } from '@anneal/lab';
import tfjsWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import tfjsWasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import ortMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { TrainRequest, WorkerMessage } from './messages.ts';
import { trial } from './settings.ts';

/** Where this site serves the backends' WebAssembly from; the runtimes ask for absolute addresses inside a worker. */
const here = (url: string): string => new URL(url, self.location.href).href;
const wasmPaths = {
  tfjs: {
    'tfjs-backend-wasm.wasm': here(tfjsWasm),
    'tfjs-backend-wasm-simd.wasm': here(tfjsWasmSimd),
    // Asked for by name, never loaded: the lab runs on one thread.
    'tfjs-backend-wasm-threaded-simd.wasm': here(tfjsWasmSimd),
  },
  onnxruntimeWeb: { mjs: here(ortMjs), wasm: here(ortWasm) },
};

const send = (message: WorkerMessage): void => self.postMessage(message);

self.addEventListener('message', (event: MessageEvent<TrainRequest>) => {
  run(event.data).catch((error: unknown) =>
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function run({ backend, schedule }: TrainRequest): Promise<void> {
  const setup = await createSetup({ ...trial, backend, schedule });
  const learner = await backendNamed(setup.trial.backend).open(setup, { wasmPaths });
  const { ended, updates, measured, stepSeconds } = await runTrial(setup, learner, {
    events: (events) => send({ type: 'events', events }),
  });
  await learner.dispose();
  if (ended === 'diverged') {
    send({ type: 'failed', message: `diverged after update ${updates}: the loss is no longer finite at this rate` });
    return;
  }
  send({
    type: 'done',
    result: {
      testAccuracy: measured.test?.['accuracy'] ?? 0,
      finalLoss: measured.train?.['loss'] ?? 0,
      stepsPerSecond: 1 / stepSeconds,
    },
  });
}
