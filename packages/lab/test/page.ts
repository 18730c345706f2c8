import wasmFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import ortLoader from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortFile from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Plan } from '@anneal/core';
import {
  backendNamed,
  createSetup,
  defaultSchedule,
  runTrial,
  type Setup,
  type StepEvent,
  type TrainingEvent,
  type TrialResult,
  type WasmPaths,
} from '../src/index.ts';

export const wasmPaths: WasmPaths = {
  tfjs: {
    'tfjs-backend-wasm.wasm': wasmFile,
    'tfjs-backend-wasm-simd.wasm': simdFile,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedFile,
  },
  onnxruntimeWeb: { mjs: ortLoader, wasm: ortFile },
};

const setupOn = (backend: string): Promise<Setup> =>
  createSetup({
    label: 'schedule',
    task: 'digits',
    backend,
    optimizer: { name: 'momentum' },
    schedule: defaultSchedule(0.2),
    batchSize: 32,
    seed: 1,
    budget: { epochs: 3 },
    patience: null,
  });

export const plan = async (): Promise<Plan> => (await setupOn('tfjs')).plan;

/** Trains on one backend of this page, with the events of its updates. */
export async function trained(backend: string): Promise<{ result: TrialResult; steps: StepEvent[] }> {
  const events: TrainingEvent[] = [];
  const setup = await setupOn(backend);
  const learner = await backendNamed(backend).open(setup, { wasmPaths });
  const result = await runTrial(setup, learner, { events: (some) => events.push(...some) });
  await learner.dispose();
  return { result, steps: events.filter((event): event is StepEvent => event.event === 'step') };
}
