import type { PlanLike } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { bindOptimizer, type Binding, type BindOptions } from '../src/index.ts';
import { batchAt, makeModel } from './mlp.ts';

/** A compiled model with 16 samples, which make four batches of four, and both ways to train it. */
export interface Fitted {
  readonly model: layers.Sequential;
  /** `fit` over the samples: batches of four in order. */
  fit(args: layers.ModelFitArgs): Promise<layers.History>;
  /** `fitDataset` over the same batches. */
  fitDataset(args: layers.ModelFitDatasetArgs<tf.TensorContainer>, size?: number): Promise<layers.History>;
  compile(optimizer?: tf.Optimizer): void;
  bind(plan: PlanLike, options?: BindOptions): Binding;
  dispose(): void;
}

export function fitted(optimizer: tf.Optimizer = tf.train.sgd(1), model: layers.Sequential = makeModel()): Fitted {
  const compile = (one: tf.Optimizer = tf.train.sgd(1)): void =>
    model.compile({ optimizer: one, loss: 'meanSquaredError', metrics: ['accuracy'] });
  compile(optimizer);
  const [xs, ys] = batchAt(0, 16);
  return {
    model,
    compile,
    fit: (args) => model.fit(xs, ys, { batchSize: 4, shuffle: false, ...args }),
    fitDataset: (args, size = 4) => model.fitDataset(dataset(xs, ys, size) as never, args),
    bind: (plan, options) => bindOptimizer(model.optimizer, plan, options),
    dispose() {
      tf.dispose([xs, ys]);
      model.dispose();
    },
  };
}

/** Batches of four as a dataset; a generator does not know its size. */
function dataset(xs: tf.Tensor, ys: tf.Tensor, size: number): object {
  return {
    size,
    async iterator() {
      let t = 0;
      const batch = (one: tf.Tensor): tf.Tensor => tf.slice(one, [4 * t, 0], [4, -1]);
      return {
        next: async () => {
          const value = t < 4 ? { xs: batch(xs), ys: batch(ys) } : null;
          t++;
          return { done: value === null, value };
        },
      };
    },
  };
}

/** A fit that must fail: the sentence. */
export const failure = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  );
