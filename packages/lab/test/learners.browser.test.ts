import wasmFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedFile from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import ortLoader from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import ortFile from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { parsePlan } from '@anneal/core';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  createLearner,
  createSetup,
  defaultSchedule,
  digits,
  train,
  type MetricsEvent,
  type StepEvent,
  type TrainResult,
  type WasmPaths,
} from '../src/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const wasmPaths: WasmPaths = {
  tfjs: {
    'tfjs-backend-wasm.wasm': wasmFile,
    'tfjs-backend-wasm-simd.wasm': simdFile,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedFile,
  },
  onnxruntimeWeb: { mjs: ortLoader, wasm: ortFile },
};

const setup = createSetup({ task: digits, epochs: 3 });
const plan = parsePlan(defaultSchedule(0.2), setup.horizon);
const backends = ['tfjs', 'tfjs-webgl', 'tfjs-webgpu', 'onnxruntime-web'] as const;
const done = new Map<string, { result: TrainResult; steps: StepEvent[] }>();

beforeAll(async () => {
  for (const backend of backends) {
    const events: MetricsEvent[] = [];
    const learner = await createLearner(backend, { setup, plan, wasmPaths });
    const result = await train(learner, setup, { sink: { write: (written) => events.push(...written) } });
    await learner.dispose();
    done.set(backend, { result, steps: events.filter((event): event is StepEvent => event.event === 'step') });
  }
});

test.each(backends)('%s trains in a page and applies what the plan says', (backend) => {
  const { result, steps } = done.get(backend)!;
  expect(result.stopped).toBeNull();
  expect(result.test.accuracy).toBeGreaterThan(0.9);
  const rate = plan.learningRate as (step: number) => number;
  expect(steps.map(({ values }) => values['learningRate'])).toEqual(steps.map(({ step }) => Math.fround(rate(step))));
});

test('the backends come to the same losses', () => {
  const [first, ...others] = backends.map((backend) => done.get(backend)!.steps);
  for (const steps of others) {
    // Rounding alone, magnified by 99 updates at a high rate (agreement.test.ts measures how much).
    steps.forEach(({ loss }, t) => expect(Math.abs(loss - first![t]!.loss)).toBeLessThan(1e-3 * first![t]!.loss));
  }
});
