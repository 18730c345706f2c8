import { createScheduler, type GroupValues, type PlanLike } from '@anneal/core';
import type { Batch, Values } from '../src/skeleton/data/batch.ts';
import type { Learner } from '../src/skeleton/learners/learner.ts';
import type { Setup } from '../src/skeleton/training/setup.ts';

/**
 * A learner in plain float64 JavaScript: softmax regression, gradient ∂L/∂W = xᵀ(softmax(xW) − onehot)/N, plain
 * descent. It needs no framework, so the loop can be tested alone and fast.
 */
export function plainLearner(setup: Setup, plan: PlanLike): Learner {
  const scheduler = createScheduler(plan);
  const inputs = setup.task.model.inputShape[0]!;
  const classes = setup.task.model.outputShape[0]!;
  let weights = new Float64Array(inputs * classes);
  let disposed = false;

  const logits = ({ data, shape }: Values<Float32Array>): Float64Array => {
    const out = new Float64Array(shape[0]! * classes);
    for (let i = 0; i < shape[0]!; i += 1) {
      for (let k = 0; k < inputs; k += 1) {
        const x = data[i * inputs + k]!;
        if (x !== 0) for (let c = 0; c < classes; c += 1) out[i * classes + c]! += x * weights[k * classes + c]!;
      }
    }
    return out;
  };

  const update = ({ inputs: x, labels }: Batch, { learningRate }: GroupValues): number => {
    const count = labels.data.length;
    const out = logits(x);
    const gradient = new Float64Array(weights.length);
    let loss = 0;
    for (let i = 0; i < count; i += 1) {
      const row = out.subarray(i * classes, (i + 1) * classes);
      const top = Math.max(...row);
      const sum = row.reduce((total, logit) => total + Math.exp(logit - top), 0);
      loss += Math.log(sum) + top - row[labels.data[i]!]!;
      for (let c = 0; c < classes; c += 1) {
        const error = Math.exp(row[c]! - top) / sum - (c === labels.data[i] ? 1 : 0);
        for (let k = 0; k < inputs; k += 1) gradient[k * classes + c]! += (x.data[i * inputs + k]! * error) / count;
      }
    }
    weights = weights.map((w, i) => w - learningRate * gradient[i]!);
    return loss / count;
  };

  return {
    backend: 'plain',
    scheduler,
    train: async (batches, { signal } = {}) => {
      const losses: number[] = [];
      const applied: GroupValues[] = [];
      for (const batch of batches) {
        if (signal?.aborted === true) break;
        const values = scheduler.values();
        const loss = update(batch, values);
        if (!Number.isFinite(loss)) return { losses, applied, diverged: true };
        scheduler.advance();
        scheduler.report({ batchLoss: loss });
        losses.push(loss);
        applied.push({ learningRate: values.learningRate });
      }
      return { losses, applied };
    },
    predict: async (values) => Float32Array.from(logits(values)),
    weights: async () => [Float32Array.from(weights)],
    save: async () => {
      if (disposed) throw new Error('disposed');
      const text = JSON.stringify({ weights: [...weights], scheduler: scheduler.state() });
      return new TextEncoder().encode(text);
    },
    load: async (bytes) => {
      const saved = JSON.parse(new TextDecoder().decode(bytes)) as {
        weights: number[];
        scheduler: ReturnType<typeof scheduler.state>;
      };
      weights = Float64Array.from(saved.weights);
      scheduler.restore(saved.scheduler, saved.scheduler.plan === null ? { onPlanChange: 'takeNew' } : {});
    },
    dispose: async () => {
      disposed = true;
    },
  };
}
