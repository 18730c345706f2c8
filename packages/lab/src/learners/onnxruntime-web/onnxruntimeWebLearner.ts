import { createTrainer, type Trainer } from '@anneal/onnxruntime-web';
import type { Batch, Tensor } from '../../data/tensor.ts';
import { LabError } from '../../labError.ts';
import { exampleOf, type Setup } from '../../trials/setup.ts';
import type { WasmPaths } from '../backend.ts';
import { nameOf } from '../backendName.ts';
import type { Learner, Trained } from '../learner.ts';
import { restoreOptions } from '../restoreOptions.ts';
import { CallSize } from './callSize.ts';
import { loadOnnxruntimeWeb } from './loadOnnxruntimeWeb.ts';

/** A learner that trains an ONNX model on stock onnxruntime-web, by a trainer of @anneal/onnxruntime-web. */
export async function onnxruntimeWebLearner(
  setup: Setup,
  { wasmPaths }: { readonly wasmPaths?: WasmPaths } = {},
): Promise<Learner> {
  const { task, recipe, settings, trial, plan, groups } = setup;
  if (recipe.onnx === undefined) throw new LabError('missing', `onnxruntime-web lacks the optimizer ${recipe.name}`);
  const ort = await loadOnnxruntimeWeb(wasmPaths?.onnxruntimeWeb);
  const model = task.model.graph(trial.seed);
  const trainer: Trainer = await createTrainer(ort, model, {
    loss: task.loss,
    optimizer: recipe.onnx(settings),
    plan,
    reports: setup.reports,
    groups,
    batch: await exampleOf(setup),
    accumulate: trial.accumulate ?? 1,
    seed: trial.seed,
    ...(trial.average !== undefined && { average: trial.average }),
  });
  const reads = model.graph.inputs.map(({ name }) => name).filter((name) => !model.graph.initializers.has(name));
  const weights = { weights: trial.average === undefined ? 'trained' : 'average' } as const;

  const calls = new CallSize();

  return {
    backend: nameOf('onnxruntime-web', 'wasm'),
    scheduler: trainer.scheduler,

    async train(batches, { signal } = {}): Promise<Trained> {
      const started = performance.now();
      const { losses, applied, stopped, reason } = await trainer.run(batches, {
        stepsPerCall: calls.for(batches.length / setup.accumulate),
        ...(signal !== undefined && { signal }),
      });
      calls.took(performance.now() - started, losses.length);
      return { losses, applied, stopped, reason };
    },

    async predict(batch: Batch): Promise<Batch> {
      const inputs = reads.flatMap((name) => (batch[name] === undefined ? [] : [[name, batch[name]] as const]));
      return (await trainer.predict(Object.fromEntries(inputs), weights)) as Batch;
    },

    weights: async () =>
      Object.fromEntries(
        trainer.parameters.map((name): [string, Tensor] => [
          name,
          { data: trainer.parameter(name), dims: model.graph.initializers.get(name)!.dims },
        ]),
      ),
    save: () => trainer.save(),
    load: (bytes, options) => trainer.load(bytes, { ...restoreOptions(trainer.scheduler.plan), ...options }),
    dispose: () => trainer.dispose(),
  };
}
