import { GraphBuilder, standardRules, webgpuRules, writeModel } from '@anneal/onnx';
import * as ort from 'onnxruntime-web/webgpu';
import { describe, expect, test } from 'vitest';
import { cases, expectAgreement, nameOf } from './agreement.ts';
import type { RuleCase } from './ruleCase.ts';
import { webgpuAdapter } from '../webgpuAdapter.ts';

ort.env.wasm.numThreads = 1;

const rules = [...standardRules, ...webgpuRules];
// An operator that WebGPU has no kernel for runs on the CPU in the same session.
const runtime = { ort, gradients: { executionProviders: ['webgpu'] } };

/** What onnxruntime's build for WebGPU cannot run at all; the trainer writes dropout and batch statistics as other operators. */
const cannotRun = ({ op, attributes = {} }: RuleCase): boolean =>
  op === 'Dropout' || 'training_mode' in attributes || 'antialias' in attributes || 'storage_order' in attributes;

describe.skipIf(!webgpuAdapter)(
  'on WebGPU a gradient rule agrees with central differences',
  { timeout: 120_000 },
  () => {
    const runnable = cases.filter((testCase) => !cannotRun(testCase));
    test.each(runnable.map((testCase) => [nameOf(testCase), testCase] as const))('%s', async (_, testCase) => {
      await expectAgreement(testCase, rules, runtime);
    });
  },
);

test.skipIf(!webgpuAdapter)(
  'onnxruntime: a grouped ConvTranspose on WebGPU is wrong where groups make one channel of two',
  async () => {
    const graph = new GraphBuilder();
    const inputs = [graph.input('x', 'float32', [1, 4, 1, 1]), graph.input('w', 'float32', [4, 1, 1, 1])];
    graph.output('y', graph.op('ConvTranspose', inputs, { group: 2 }));
    const session = await ort.InferenceSession.create(writeModel(graph.model()), { executionProviders: ['webgpu'] });
    const numbers = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [1, 4, 1, 1]);
    const ones = new ort.Tensor('float32', Float32Array.of(1, 1, 1, 1), [4, 1, 1, 1]);
    const { y } = await session.run({ x: numbers, w: ones });
    expect([...(y!.data as Float32Array)]).not.toEqual([1 + 2, 3 + 4]);
  },
);
