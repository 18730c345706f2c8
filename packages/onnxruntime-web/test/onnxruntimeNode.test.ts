import { cosineDecay } from '@anneal/core';
import { adamW, softmaxCrossEntropy, type Model } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '../bench/nodeRuntime.ts';
import { createTrainer, type Batch, type Ort, type Trainer } from '../src/index.ts';
import { gpt } from './gpt.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const node = await nodeRuntime();

const length = 8;
const sequences = Array.from({ length: 40 }, (_, n): Batch => {
  const at = (i: number, ahead: number): number => (n + 3 * Math.floor(i / length) + (i % length) + ahead) % 7;
  return {
    tokens: { data: Int32Array.from({ length: 32 }, (__, i) => at(i, 0)), dims: [4, length] },
    labels: { data: Int32Array.from({ length: 32 }, (__, i) => at(i, 1)), dims: [4, length] },
  };
});
const cases: Record<string, [Model, Batch[]]> = {
  'a perceptron': [mlp([8, 16, 4]), batches(40, 16, 8, 4)],
  'a transformer': [gpt({ vocabulary: 7, width: 16, heads: 2, blocks: 1, length }), sequences],
};

const trainerOf = (runtime: Ort, model: Model, batch: Batch): Promise<Trainer> =>
  createTrainer(runtime, model, {
    loss: softmaxCrossEntropy(),
    optimizer: adamW(),
    plan: cosineDecay({ initValue: 0.01, decaySteps: 40 }),
    batch,
  });

// 288 MB are too many for every clone: where ONNXRUNTIME_NODE names a folder that onnxruntime-node is installed in.
describe.skipIf(node === undefined)('the same trainer on onnxruntime-node', () => {
  test.each(Object.entries(cases))(
    'trains %s as WebAssembly does, and goes on from its checkpoint',
    async (_, [model, data]) => {
      const [native, wasm] = [await trainerOf(node!, model, data[0]!), await trainerOf(ort, model, data[0]!)];
      const first = await native.run(data.slice(0, 20));
      const other = await wasm.run(data.slice(0, 20));
      expect(first.applied).toEqual(other.applied);
      // The least bar of the design for one mathematics on two backends.
      first.losses.forEach((loss, i) => expect(Math.abs(loss / other.losses[i]! - 1)).toBeLessThanOrEqual(1e-6));
      const again = await trainerOf(node!, model, data[0]!);
      await again.load(await native.save());
      expect(await again.run(data.slice(20))).toEqual(await native.run(data.slice(20)));
      for (const trainer of [native, wasm, again]) await trainer.dispose();
    },
  );
});
