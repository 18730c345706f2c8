import { toPlan } from '@anneal/core';
import { adam, adamW, momentum, rmsprop, sgd, softmaxCrossEntropy, type Optimizer } from '@anneal/onnx';
import { createTrainer } from '@anneal/onnxruntime-web';
import type { Batch, Values } from '../data/batch.ts';
import { optimizers, type OptimizerName } from '../optimizers/optimizer.ts';
import { reportedMetrics } from '../training/reportedMetrics.ts';
import type { LearnerOptions } from './learnerOptions.ts';
import type { Learner, Trained } from './learner.ts';
import { loadOnnxruntimeWeb } from './loadOnnxruntimeWeb.ts';
import { restoreOptions } from './restoreOptions.ts';

/** A learner that trains an ONNX model on stock onnxruntime-web, by a trainer of @anneal/onnxruntime-web. */
export async function onnxruntimeWebLearner({ setup, plan, wasmPaths }: LearnerOptions): Promise<Learner> {
  const ort = await loadOnnxruntimeWeb(wasmPaths?.onnxruntimeWeb);
  const { model } = setup.task;
  const trainer = await createTrainer(ort, model.onnx(setup.initialWeights()), {
    loss: softmaxCrossEntropy({ logits: 'logits', labels: 'labels' }),
    optimizer: newOptimizer(setup.optimizer),
    plan: toPlan(plan),
    batch: feeds(setup.batch(0)),
    // The training loop reports what is of an epoch.
    reports: reportedMetrics,
  });

  return {
    backend: 'onnxruntime-web',
    scheduler: trainer.scheduler,

    async train(batches, { signal } = {}): Promise<Trained> {
      const { losses, applied, stopped } = await trainer.run(
        batches.map(feeds),
        signal === undefined ? {} : { signal },
      );
      return {
        losses: [...losses],
        applied: applied.map(({ learningRate }) => ({ learningRate })),
        diverged: stopped === 'diverged',
      };
    },

    async predict(inputs: Values<Float32Array>): Promise<Float32Array> {
      const { logits } = await trainer.predict({ inputs: feed(inputs) });
      return logits!.data as Float32Array;
    },

    weights: async () => model.parameters.map(({ name }) => trainer.parameter(name)),
    save: () => trainer.save(),
    load: (bytes) => trainer.load(bytes, restoreOptions(trainer.scheduler.plan)),
    dispose: () => trainer.dispose(),
  };
}

const feed = <Data extends Float32Array | Int32Array>({
  data,
  shape,
}: Values<Data>): { data: Data; dims: readonly number[] } => ({
  data,
  dims: shape,
});

const feeds = ({ inputs, labels }: Batch) => ({ inputs: feed(inputs), labels: feed(labels) });

/** The optimizers as tfjs defines them: RMSprop's ε stands inside the root. */
function newOptimizer(name: OptimizerName): Optimizer {
  switch (name) {
    case 'sgd':
      return sgd();
    case 'momentum':
      return momentum(optimizers.momentum);
    case 'rmsprop': {
      const { decay, epsilon } = optimizers.rmsprop;
      return rmsprop({ alpha: decay, epsilon, epsilonPlacement: 'inside' });
    }
    case 'adam':
      return adam(optimizers.adam);
    case 'adamw':
      return adamW(optimizers.adamw);
  }
}
