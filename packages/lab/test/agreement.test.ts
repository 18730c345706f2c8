import { cosineDecay, warmup } from '@anneal/core';
import { expect, test } from 'vitest';
import { createLearner, createSetup, digits, optimizers, type OptimizerName, type Setup } from '../src/index.ts';

const steps = 100;
const moves = 8;

/**
 * Two backends that compute the same mathematics differ by rounding alone, and training magnifies what differs. How much
 * is measured on one backend: one weight is moved by one unit in the last place, and the loss followed. The largest
 * effect counts, over the steps and over 8 weights spread through the network (many have none: those of a pixel that
 * is always empty). The backends round every sum in another order at every step, so they may differ 20 times as much;
 * where nothing is magnified, by 1e-6 of the loss, a few float32 units (2⁻²³ ≈ 1.2e-7).
 */
test.each(Object.keys(optimizers) as OptimizerName[])(
  '%s: tfjs and onnxruntime-web are the same mathematics over 100 steps',
  async (optimizer) => {
    const setup = createSetup({ task: digits, optimizer, epochs: 4 });
    const schedule = warmup({
      warmupSteps: 10,
      schedule: cosineDecay({ initValue: digits.defaults.learningRates[optimizer], decaySteps: 90 }),
    });
    const losses = async (backend: string, from: Setup = setup): Promise<readonly number[]> => {
      const learner = await createLearner(backend, { setup: from, plan: schedule });
      const trained = await learner.train(Array.from({ length: steps }, (_, step) => from.batch(step)));
      await learner.dispose();
      return trained.losses;
    };
    const ort = await losses('onnxruntime-web');
    const apart = (others: readonly number[]): number =>
      Math.max(...ort.map((loss, t) => Math.abs(others[t]! - loss) / loss));

    let effect = 0;
    for (let i = 0; i < moves; i += 1) {
      const initialWeights = (): Float32Array[] => oneMoved(setup.initialWeights(), i / moves);
      effect = Math.max(effect, apart(await losses('onnxruntime-web', { ...setup, initialWeights })));
    }
    expect(apart(await losses('tfjs'))).toBeLessThanOrEqual(Math.max(20 * effect, 1e-6));
    expect(ort.at(-1)).toBeLessThan(0.2 * ort[0]!);
    expect(effect).toBeLessThan(1e-5); // no chaos that would let anything pass
  },
  60_000,
);

/** The weights, with the one that stands at a share of all of them moved to the next float32 away from zero. */
function oneMoved(weights: Float32Array[], share: number): Float32Array[] {
  let at = Math.floor(share * weights.reduce((sum, { length }) => sum + length, 0));
  const moved = weights.find(({ length }) => {
    if (at < length) return true;
    at -= length;
    return false;
  })!;
  new Int32Array(moved.buffer, moved.byteOffset)[at]! += 1;
  return weights;
}
