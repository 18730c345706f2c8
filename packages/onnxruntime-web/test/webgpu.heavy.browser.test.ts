import { cosineDecay } from '@anneal/core';
import {
  adam,
  batchNorm,
  convolution,
  dense,
  dropout,
  GraphBuilder,
  heUniform,
  maxPool,
  momentum,
  relu,
  softmaxCrossEntropy,
  type Model,
  type WindowOptions,
} from '@anneal/onnx';
import * as ort from 'onnxruntime-web/webgpu';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type TrainerOptions } from '../src/index.ts';
import { gpt } from './gpt.ts';
import { batches, mlp } from './mlp.ts';
import { webgpuAdapter } from './webgpuAdapter.ts';

ort.env.wasm.numThreads = 1;

const steps = 12;

/** The same runtime, which refuses to run any operator of a WebGPU session elsewhere. */
const strict = {
  Tensor: ort.Tensor,
  InferenceSession: {
    create: (model: Uint8Array, options: ort.InferenceSession.SessionOptions = {}): Promise<unknown> => {
      const extra = options.executionProviders === undefined ? {} : { session: { disable_cpu_ep_fallback: '1' } };
      return ort.InferenceSession.create(model, { ...options, extra });
    },
  },
};

/** Two convolutions, with pools whose windows lie side by side and overlap, and a classifier; with what differs between training and prediction, where it is wanted. */
function cnn(regularized = false): Model {
  const weight = heUniform(4);
  const graph = new GraphBuilder();
  const block = (x: string, name: string, inputs: number, outputs: number, pool: WindowOptions): string => {
    const y = convolution(graph, x, { name, inputs, outputs, kernel: 3, padding: 1, weight });
    const normalized = regularized ? batchNorm(graph, y, { name: `${name}.bn`, channels: outputs }) : y;
    return maxPool(graph, relu(graph, normalized), pool);
  };
  const x = graph.input('x', 'float32', ['batch', 1, 8, 8]);
  const half = block(x, 'conv1', 1, 4, { kernel: 2 });
  const features = block(half, 'conv2', 4, 8, { kernel: 3, stride: 2, padding: 1 });
  const head = { name: 'head', inputs: 32, outputs: 4, weight };
  const flat = graph.op('Flatten', [features]);
  graph.output('logits', dense(graph, regularized ? dropout(graph, flat, 0.25) : flat, head));
  return graph.model();
}

const images = batches(steps, 8, 64, 4).map((batch): Batch => ({
  ...batch,
  x: { data: batch['x']!.data, dims: [8, 1, 8, 8] },
}));

const gptShape = { vocabulary: 7, width: 16, heads: 2, blocks: 1, length: 8 };
const sequences = Array.from({ length: steps }, (_, n): Batch => {
  const at = (i: number, ahead: number): number => (n + 3 * Math.floor(i / 8) + (i % 8) + ahead) % 7;
  return {
    tokens: { data: Int32Array.from({ length: 32 }, (__, i) => at(i, 0)), dims: [4, 8] },
    labels: { data: Int32Array.from({ length: 32 }, (__, i) => at(i, 1)), dims: [4, 8] },
  };
});

const cases: Record<
  string,
  { model: Model; data: Batch[]; options: Pick<TrainerOptions, 'optimizer' | 'average' | 'trainable'> }
> = {
  'a perceptron with Adam': { model: mlp([8, 16, 4]), data: batches(steps, 16, 8, 4), options: { optimizer: adam() } },
  'a transformer with Adam': { model: gpt(gptShape), data: sequences, options: { optimizer: adam() } },
  'a convolutional network with momentum': { model: cnn(), data: images, options: { optimizer: momentum() } },
  'the same with batch normalisation, dropout and averages, its head first': {
    model: cnn(true),
    data: images,
    options: { optimizer: momentum(), average: { decay: 0.9 }, trainable: /^head/ },
  },
};

// Software adapters compile each shader for seconds.
describe.skipIf(!webgpuAdapter)('WebGPU trains like WebAssembly', { timeout: 120_000 }, () => {
  test.each(Object.entries(cases))('%s', async (_, { model, data, options }) => {
    const results = [];
    for (const device of ['cpu', 'webgpu'] as const) {
      const plan = cosineDecay({ initValue: 0.02, decaySteps: steps });
      const trainer = await createTrainer(strict, model, {
        ...options,
        loss: softmaxCrossEntropy(),
        plan,
        batch: data[0]!,
        device,
      });
      const first = await trainer.run(data.slice(0, steps / 2));
      if (options.trainable !== undefined) await trainer.unfreeze(/^conv/);
      const second = await trainer.run(data.slice(steps / 2));
      const losses = [...first.losses, ...second.losses];
      const applied = [...first.applied, ...second.applied];
      const { loss } = await trainer.evaluate(data[0]!);
      results.push({ losses, applied, loss, bytes: await trainer.save() });
      await trainer.dispose();
    }
    const [cpu, gpu] = results as [(typeof results)[0], (typeof results)[0]];
    expect(gpu.applied).toEqual(cpu.applied);
    // The least bar of the design for one mathematics on two backends.
    gpu.losses.forEach((loss, i) => expect(Math.abs(loss / cpu.losses[i]! - 1)).toBeLessThanOrEqual(1e-6));
  });

  test.each([steps, 4])('tells nobody of an update that is taken back, of %i batches', async (count) => {
    const data = batches(steps, 16, 8, 4);
    const trainer = await createTrainer(strict, mlp([8, 16, 4]), {
      loss: softmaxCrossEntropy(),
      // At step 3 the loss is finite, and what the update leaves is not.
      optimizer: momentum({ weightDecay: 10 }),
      plan: (step) => (step < 3 ? 0.05 : 3e38),
      batch: data[0]!,
      device: 'webgpu',
      stepsPerCall: 2,
    });
    const heard: number[] = [];
    const result = await trainer.run(data.slice(0, count), { onStep: ({ step }) => heard.push(step) });
    expect(result).toMatchObject({ stopped: 'diverged', updates: 3 });
    expect(heard).toEqual([0, 1, 2]);
    expect(trainer.scheduler.step).toBe(3);
    expect(trainer.parameters.every((name) => trainer.parameter(name).every(Number.isFinite))).toBe(true);
    await trainer.dispose();
  });
});
