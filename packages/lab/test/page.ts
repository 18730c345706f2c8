import wasmFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import ortLoader from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortFile from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { parsePlan, type Plan } from '@anneal/core';
import {
  createLearner,
  createSetup,
  defaultSchedule,
  digits,
  train,
  type MetricsEvent,
  type Setup,
  type StepEvent,
  type TrainResult,
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

export const setup: Setup = createSetup({ task: digits, epochs: 3 });
export const plan: Plan = parsePlan(defaultSchedule(0.2), setup.horizon);

/** Trains on one backend of this page, with the events of its updates. */
export async function trained(backend: string): Promise<{ result: TrainResult; steps: StepEvent[] }> {
  const events: MetricsEvent[] = [];
  const learner = await createLearner(backend, { setup, plan, wasmPaths });
  const result = await train(learner, setup, { sink: { write: (written) => events.push(...written) } });
  await learner.dispose();
  return { result, steps: events.filter((event): event is StepEvent => event.event === 'step') };
}
