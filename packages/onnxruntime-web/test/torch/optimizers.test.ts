import { readFileSync } from 'node:fs';
import { cosineDecay, linear, type Plan } from '@anneal/core';
import { adam, adamW, float32, GraphBuilder, momentum, rmsprop, sgd, valueAsLoss, type Optimizer } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../../src/index.ts';
import { random } from '../mlp.ts';
import { ort } from '../ort.ts';

/** Recorded by tools/reference/onnx_optimizers.py. */
interface Recorded {
  readonly start: readonly number[];
  readonly updates: number;
  readonly cases: readonly {
    readonly name: string;
    readonly scheduled: readonly string[];
    /** After updates 1, 11, 21, … and the last. */
    readonly float64: readonly (readonly number[])[];
    readonly float32: readonly number[];
    /** PyTorch's own result where it corrects by 1 − β₁ᵗ. */
    readonly uncorrected?: readonly number[];
  }[];
}
const recorded = JSON.parse(readFileSync(new URL('fixtures/optimizers.json', import.meta.url), 'utf8')) as Recorded;
const { start, updates } = recorded;

const next = random(21);
/** L = Σ gᵢ·wᵢ: the batch is the gradient. */
const batches: readonly Batch[] = Array.from({ length: updates }, () => {
  const data = Float32Array.from(start, () => (next() < 0.6 ? 1 : -1) * (0.25 + 0.75 * next()));
  return { g: { data, dims: [1, start.length] } };
});
const graph = new GraphBuilder();
const w = graph.parameter('w', float32([start.length, 1], start));
const product = graph.op('MatMul', [graph.input('g', 'float32', [1, start.length]), w]);
graph.op('ReduceSum', [product], { keepdims: 0 }, 'loss');
const model = graph.model();

const optimizers: Readonly<Record<string, Optimizer>> = {
  sgd: sgd(),
  'sgd with coupled decay': sgd({ l2: 0.1 }),
  momentum: momentum(),
  nesterov: momentum({ nesterov: true, l2: 0.1 }),
  rmsprop: rmsprop({ alpha: 0.9 }),
  'rmsprop, centered': rmsprop({ alpha: 0.9, centered: true, epsilon: 1e-2, momentum: 0.5 }),
  adam: adam({ l2: 0.1, beta2: 0.99 }),
  'adam, beta1': adam(),
  adamW: adamW(),
  'adamW, beta1': adamW(),
};

const line = (initValue: number, endValue: number): Plan['learningRate'] =>
  linear({ initValue, endValue, decaySteps: updates });
const tracks: Readonly<Record<string, Omit<Plan, 'learningRate'>>> = {
  momentum: { momentum: line(0.95, 0.8) },
  beta1: { beta1: line(0.95, 0.85) },
  weight_decay: { weightDecay: line(0.3, 0.1) },
};

async function trained(name: string, scheduled: readonly string[]): Promise<Float32Array[]> {
  const trainer = await createTrainer(ort, model, {
    loss: valueAsLoss('loss'),
    optimizer: optimizers[name]!,
    plan: Object.assign(
      { learningRate: cosineDecay({ initValue: 0.05, decaySteps: updates }) },
      ...scheduled.map((track) => tracks[track]),
    ) as Plan,
    batch: batches[0]!,
  });
  const path: Float32Array[] = [];
  for (let from = 0, to = 1; from < updates; [from, to] = [to, Math.min(to + 10, updates)]) {
    await trainer.run(batches.slice(from, to));
    path.push(trainer.parameter('w'));
  }
  await trainer.dispose();
  return path;
}

const apart = (weights: ArrayLike<number>, others: readonly number[]): number =>
  Math.max(...others.map((other, i) => Math.abs(weights[i]! - other)));

describe('under a per-step cosine, with what is scheduled, 100 updates are PyTorch’s:', () => {
  test.each(recorded.cases.map((one) => [one.name, one] as const))('%s', async (name, { scheduled, ...expected }) => {
    const path = await trained(name, scheduled);
    // 100 updates round a weight by up to 6e-8 of its size each, not all in one direction; means and quotients add as much.
    const tolerance = 1e-6 * Math.max(...path.at(-1)!.map(Math.abs));
    path.forEach((weights, i) => expect(apart(weights, expected.float64[i]!)).toBeLessThan(tolerance));
    expect(apart(path.at(-1)!, expected.float32)).toBeLessThan(tolerance);
    if (expected.uncorrected !== undefined) {
      // A scheduled β₁ is where the definitions differ: ours corrects by 1 − ∏β₁.
      expect(apart(path.at(-1)!, expected.uncorrected)).toBeGreaterThan(1e-2);
    }
  });
});
