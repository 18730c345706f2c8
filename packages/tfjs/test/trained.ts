import { cosineDecay, reduceOnPlateau, warmup, type Plan } from '@anneal/core';
import type * as tf from '@tensorflow/tfjs-core';
import { bindOptimizer } from '../src/index.ts';
import type { Training } from '../src/training/index.ts';
import { makeModel, trainModel } from './mlp.ts';

export const learningRate = warmup({ warmupSteps: 5, schedule: cosineDecay({ initValue: 0.02, decaySteps: 20 }) });
export const beta1 = cosineDecay({ initValue: 0.95, decaySteps: 20, endValue: 0.8 });
const momentum = cosineDecay({ initValue: 0.95, decaySteps: 20, endValue: 0.8 });
/** What is scheduled beside the rate, by case of optimizers.ts. */
export const tracksOf: Readonly<Record<string, Partial<Plan>>> = {
  Adam: { beta1, beta2: 0.99 },
  Adamax: { beta1 },
  Momentum: { momentum },
  Nesterov: { momentum },
  'RMSProp with momentum': { momentum },
};

export interface Trained extends Training {
  readonly model: ReturnType<typeof makeModel>;
  readonly dispose: () => void;
}

/** A compiled model under a plan with a plateau controller; `seed` only decides the initial weights. */
export function begin(make: () => tf.Optimizer, tracks: Partial<Plan>, seed = 1): Trained {
  const model = makeModel(seed);
  model.compile({ optimizer: make(), loss: 'meanSquaredError' });
  const plateau = { use: reduceOnPlateau({ reduceFactor: 0.5, patience: 1 }) };
  const binding = bindOptimizer(model.optimizer, {
    ...tracks,
    learningRate: { schedule: learningRate, controllers: { plateau } },
  });
  return { model, weights: model, binding, dispose: () => model.dispose() };
}

/** Updates `from` to `to`, reporting a loss that stands still, so that the plateau acts. */
export async function go({ model, binding }: Trained, from: number, to: number): Promise<void> {
  for (let t = from; t < to; t++) {
    // oxlint-disable-next-line no-await-in-loop -- one update after the other
    await trainModel(model, t, t + 1);
    binding.report({ loss: 1 + (t % 3) });
  }
}

/** How long a training is that is killed on the way. */
export const updates = 20;
