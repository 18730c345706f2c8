import { linear } from '@anneal/core';
import { adamW, sgd, softmaxCrossEntropy } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { gpt } from './gpt.ts';
import { ort } from './ort.ts';

const shape = { vocabulary: 7, width: 16, heads: 2, blocks: 2, length: 8 };
const model = gpt(shape);

/** Sequences that count up modulo the vocabulary, each from another start: the next token is known from the last. */
const batches = Array.from({ length: 60 }, (_, n): Batch => {
  const at = (i: number, ahead: number): bigint =>
    BigInt((n + 3 * Math.floor(i / 8) + (i % 8) + ahead) % shape.vocabulary);
  const dims = [4, shape.length];
  return {
    tokens: { data: BigInt64Array.from({ length: 32 }, (__, i) => at(i, 0)), dims },
    labels: { data: BigInt64Array.from({ length: 32 }, (__, i) => at(i, 1)), dims },
  };
});

describe('a small transformer', () => {
  test('has the gradient that the change of the loss along it shows', async () => {
    const rate = 1e-3;
    const trainer = await createTrainer(ort, model, {
      loss: softmaxCrossEntropy(),
      optimizer: sgd(),
      plan: rate,
      batch: batches[0]!,
    });
    const before = trainer.parameters.map((name) => trainer.parameter(name));
    const { losses } = await trainer.run([batches[0]!]);
    const after = (await trainer.evaluate(batches[0]!)).loss;
    const square = trainer.parameters.reduce((sum, name, i) => {
      return sum + trainer.parameter(name).reduce((part, value, k) => part + ((before[i]![k]! - value) / rate) ** 2, 0);
    }, 0);
    // L(w − εg) = L(w) − ε‖g‖² + O(ε²), the second term below 1 % at this ε.
    expect((losses[0]! - after) / (rate * square)).toBeGreaterThan(0.98);
    expect((losses[0]! - after) / (rate * square)).toBeLessThan(1.01);
  });

  test('learns to count', async () => {
    const plan = { learningRate: linear({ initValue: 0.01, decaySteps: 60 }), weightDecay: 0.01 };
    const trainer = await createTrainer(ort, model, {
      loss: softmaxCrossEntropy(),
      optimizer: adamW({ decay: /weight$/ }),
      plan,
      batch: batches[0]!,
      clip: { globalNorm: 1 },
    });
    const { losses } = await trainer.run(batches);
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan(0.1);
    expect(trainer.parameters).toHaveLength(2 + 2 * 12 + 2);
  });
});
