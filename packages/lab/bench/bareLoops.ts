import { createTrainer, type Batch as OrtBatch } from '@anneal/onnxruntime-web';
import { loadOnnxruntimeWeb } from '../src/learners/onnxruntime-web/loadOnnxruntimeWeb.ts';
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
};
