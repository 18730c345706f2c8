import { createScheduler, type GroupValues } from '@anneal/core';
import { examplesIn } from '../src/data/rows.ts';
import type { Batch } from '../src/data/tensor.ts';
import type { Learner } from '../src/learners/learner.ts';
import { restoreOptions } from '../src/learners/restoreOptions.ts';
import { exampleOf, type Setup } from '../src/trials/setup.ts';

/**
 * A learner in plain float64 JavaScript, for a task of `inputs`, `labels` and ten classes: softmax regression, gradient
 * ∂L/∂W = xᵀ(softmax(xW) − onehot)/N, plain descent. It needs no framework, so the loop can be tested alone and fast.
 */
export async function softmaxLearner(setup: Setup): Promise<Learner> {
  const scheduler = createScheduler(setup.plan);
  const width = (await exampleOf(setup))['inputs']!.dims[1]!;
  const classes = 10;
  let weights = new Float64Array(width * classes);

  const logits = (inputs: ArrayLike<number>, count: number): Float64Array => {
    const out = new Float64Array(count * classes);
    for (let i = 0; i < count; i += 1) {
      for (let k = 0; k < width; k += 1) {
        const x = inputs[i * width + k]!;
        if (x !== 0) for (let c = 0; c < classes; c += 1) out[i * classes + c]! += x * weights[k * classes + c]!;
      }
    }
    return out;
  };

  /** Adds a batch's mean gradient times `share`; returns its loss. */
  const addGradient = (batch: Batch, gradient: Float64Array, share: number): number => {
    const count = examplesIn(batch);
    const [x, labels] = [batch['inputs']!.data as Float32Array, batch['labels']!.data as Int32Array];
    const out = logits(x, count);
    let loss = 0;
    for (let i = 0; i < count; i += 1) {
      const row = out.subarray(i * classes, (i + 1) * classes);
      const top = Math.max(...row);
      const sum = row.reduce((total, logit) => total + Math.exp(logit - top), 0);
      loss += Math.log(sum) + top - row[labels[i]!]!;
      for (let c = 0; c < classes; c += 1) {
        const error = Math.exp(row[c]! - top) / sum - (c === labels[i] ? 1 : 0);
        for (let k = 0; k < width; k += 1) gradient[k * classes + c]! += (x[i * width + k]! * error * share) / count;
      }
    }
    return loss / count;
  };

  return {
    backend: 'plain',
    scheduler,
    train: async (batches, { signal } = {}) => {
      const losses: number[] = [];
      const applied: GroupValues[] = [];
      const { accumulate } = setup;
      for (let first = 0; first < batches.length; first += accumulate) {
        const some = batches.slice(first, first + accumulate);
        const done = { losses: Float32Array.from(losses), applied };
        if (signal?.aborted === true) return { ...done, stopped: 'aborted', reason: 'aborted' };
        const { learningRate } = scheduler.values();
        const gradient = new Float64Array(weights.length);
        const loss = some.reduce((sum, batch) => sum + addGradient(batch, gradient, 1 / some.length), 0) / some.length;
        if (!Number.isFinite(loss)) return { ...done, stopped: 'diverged', reason: `the loss is ${loss}` };
        weights = weights.map((w, i) => w - learningRate * gradient[i]!);
        scheduler.advance();
        scheduler.report({ batchLoss: loss });
        losses.push(loss);
        applied.push({ learningRate });
      }
      return { losses: Float32Array.from(losses), applied, stopped: null, reason: null };
    },
    predict: async (batch) => {
      const count = examplesIn(batch);
      const data = Float32Array.from(logits(batch['inputs']!.data as Float32Array, count));
      return { logits: { data, dims: [count, classes] } };
    },
    weights: async () => ({ weight: { data: Float32Array.from(weights), dims: [width, classes] } }),
    save: async () => new TextEncoder().encode(JSON.stringify({ weights: [...weights], scheduler: scheduler.state() })),
    load: async (bytes, options) => {
      const saved = JSON.parse(new TextDecoder().decode(bytes)) as {
        weights: number[];
        scheduler: ReturnType<typeof scheduler.state>;
      };
      weights = Float64Array.from(saved.weights, (weight) => weight ?? NaN);
      scheduler.restore(saved.scheduler, { ...restoreOptions(scheduler.plan), ...options });
    },
    dispose: () => Promise.resolve(),
  };
}
