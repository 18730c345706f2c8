import { createTrainer, type Batch as OrtBatch } from '@anneal/onnxruntime-web';
import { bindOptimizer } from '@anneal/tfjs';
import type * as tfCore from '@tensorflow/tfjs-core';
import { loadOnnxruntimeWeb } from '../src/learners/onnxruntime-web/loadOnnxruntimeWeb.ts';
import { openForward } from '../src/learners/tfjs/forward.ts';
import { loadTfjs } from '../src/learners/tfjs/loadTfjs.ts';
import type { Setup } from '../src/trials/setup.ts';

const act = (): never => {
  throw new Error('digits need no policy');
};

/** Seconds that the adapter's own loop takes for the updates of a setup, by backend. */
export const bareLoops: Readonly<Record<string, (setup: Setup, clock: () => number) => Promise<number>>> = {
  'onnxruntime-web': async ({ task, source, recipe, settings, plan, trial, totalSteps }, clock) => {
    const ort = await loadOnnxruntimeWeb();
    const trainer = await createTrainer(ort, task.model.graph(trial.seed), {
      loss: task.loss,
      optimizer: recipe.onnx!(settings),
      plan,
      batch: await source.batch(0, act),
    });
    async function* batches(): AsyncGenerator<OrtBatch> {
      for (let step = 0; step < totalSteps; step += 1) yield source.batch(step, act) as OrtBatch;
    }
    const started = clock();
    const { updates } = await trainer.run(batches());
    const seconds = clock() - started;
    if (updates !== totalSteps) throw new Error(`${updates} updates were made`);
    await trainer.dispose();
    return seconds;
  },

  tfjs: async ({ task, source, recipe, settings, plan, trial, totalSteps }, clock) => {
    const tf = await loadTfjs('wasm');
    const forward = openForward(tf, task.model.graph(trial.seed), {
      loss: task.loss,
      batch: await source.batch(0, act),
    });
    const weights = new Map(
      [...forward.parameters].map(([name, { data, dims }]) => [
        name,
        tf.tidy(() => tf.variable(tf.tensor(data as Float32Array, [...dims]), true, `bare/${name}`)),
      ]),
    );
    const optimizer = recipe.tfjs!(tf, settings);
    const binding = bindOptimizer(optimizer, plan);
    const started = clock();
    for (let step = 0; step < totalSteps; step += 1) {
      const batch = await source.batch(step, act);
      const cost = tf.tidy((): tfCore.Scalar =>
        optimizer.minimize(() => forward.loss(weights, batch).loss, true, [...weights.values()])!,
      );
      const [loss] = await cost.data();
      cost.dispose();
      if (!Number.isFinite(loss)) throw new Error('the bare loop diverged');
    }
    const seconds = clock() - started;
    binding.detach();
    optimizer.dispose();
    tf.dispose([...weights.values()]);
    forward.dispose();
    return seconds;
  },
};
