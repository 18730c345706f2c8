import { cosineDecay, warmup, type Plan } from '@anneal/core';
import { float32, type Model as OnnxModel } from '@anneal/onnx';
import { expect, test, vi } from 'vitest';
import { backendNamed, createSetup, optimizerNames, taskNamed, type Setup } from '../src/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const steps = 100;
const moves = 8;

/**
 * Two backends that compute the same mathematics differ by rounding alone, and training magnifies what differs. How much
 * is measured on one backend: one weight is moved by one unit in the last place, and the loss followed. The largest
 * effect counts, over the steps and over 8 weights spread through the network (many have none: those of a pixel that
 * is always empty). The backends round every sum in another order at every step, so they may differ 20 times as much;
 * where nothing is magnified, by 1e-6 of the loss, a few float32 units (2⁻²³ ≈ 1.2e-7).
 */
test.each(optimizerNames)('%s: tfjs and onnxruntime-web are the same mathematics over 100 steps', async (name) => {
  const task = await taskNamed('digits');
  const plan: Plan = {
    learningRate: warmup({
      warmupSteps: 10,
      schedule: cosineDecay({ initValue: task.defaults.peakRate(name), decaySteps: 90 }),
    }),
  };
  const setupOf = (graph: (seed: number) => OnnxModel, backend: string): Promise<Setup> =>
    createSetup(
      {
        label: 'agreement',
        task: 'digits',
        backend,
        optimizer: { name },
        schedule: { type: 'constant', value: 1 } as never,
        batchSize: 32,
        seed: 1,
        budget: { updates: steps },
        patience: null,
      },
      { parse: () => plan, task: () => ({ ...task, model: { ...task.model, graph } }) },
    );
  const losses = async (backend: string, graph = (seed: number) => task.model.graph(seed)): Promise<Float32Array> => {
    const setup = await setupOf(graph, backend);
    const learner = await backendNamed(backend).open(setup);
    const batches = await Promise.all(
      Array.from({ length: steps }, async (_, step) => setup.source.batch(step, learner.predict)),
    );
    const trained = await learner.train(batches);
    await learner.dispose();
    return trained.losses;
  };
  const ort = await losses('onnxruntime-web');
  const apart = (others: Float32Array): number =>
    ort.reduce((most, loss, t) => Math.max(most, Math.abs(others[t]! - loss) / loss), 0);

  let effect = 0;
  for (let i = 0; i < moves; i += 1)
    effect = Math.max(
      effect,
      apart(await losses('onnxruntime-web', (seed) => oneMoved(task.model.graph(seed), i / moves))),
    );
  expect(apart(await losses('tfjs'))).toBeLessThanOrEqual(Math.max(20 * effect, 1e-6));
  expect(ort.at(-1)).toBeLessThan(0.2 * ort[0]!);
  expect(effect).toBeLessThan(1e-5); // no chaos that would let anything pass
});

/** The graph, with the weight that stands at a share of all of them moved to the next float32 away from zero. */
function oneMoved(model: OnnxModel, share: number): OnnxModel {
  const initializers = new Map(model.graph.initializers);
  const weights = [...initializers].map(([name, { dims, data }]) => [name, dims, data as Float32Array] as const);
  let at = Math.floor(share * weights.reduce((sum, [, , { length }]) => sum + length, 0));
  for (const [name, dims, data] of weights) {
    if (at >= data.length) {
      at -= data.length;
      continue;
    }
    const moved = data.slice();
    new Int32Array(moved.buffer)[at]! += 1;
    initializers.set(name, float32(dims, moved));
    break;
  }
  return { ...model, graph: { ...model.graph, initializers } };
}
