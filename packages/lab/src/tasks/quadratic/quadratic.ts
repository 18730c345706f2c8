import type { Loss } from '@anneal/onnx';
import type { Batch } from '../../data/tensor.ts';
import { excessRisk } from '../../metrics/excessRisk.ts';
import { quadraticBowl } from '../../models/quadraticBowl.ts';
import { generator } from '../../random/generator.ts';
import { standardNormal } from '../../random/standardNormal.ts';
import type { Task } from '../task.ts';

/** Twenty eigenvalues from 1 to 0.01, evenly by their logarithm. The noise along each has its eigenvalue as variance. */
export const spectrum: readonly number[] = Array.from({ length: 20 }, (_, i) => 0.01 ** (i / 19));

const stepsPerEpoch = 100;

const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.3,
  momentum: 0.03,
  rmsprop: 0.02,
  adam: 0.05,
  adamW: 0.05,
};

const meanLoss: Loss = (graph) => graph.op('ReduceMean', ['noisyLoss'], { keepdims: 0 });

/**
 * A noisy, ill-conditioned quadratic: the smallest problem on which schedules differ, and one whose expected loss is known
 * exactly at every step (`quadraticRisk` of @anneal/foresight).
 */
export const quadratic: Task = {
  name: 'quadratic',
  description: 'Noisy quadratic with 20 eigenvalues from 1 to 0.01',
  note: 'A caricature of a network, but an exact one: the expected risk of a schedule under SGD is known at every step.',
  model: quadraticBowl(spectrum),
  loss: meanLoss,
  metrics: [excessRisk()],
  defaults: {
    epochs: 20,
    batchSize: 1,
    optimizer: 'sgd',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.05,
  },
  open: ({ seed, batchSize }) => ({
    stepsPerEpoch,
    batch: (step) => noiseOf(seed, step, batchSize),
    // The risk is the same for every noise: it is computed, not sampled.
    examples: () => [noise(new Float32Array(spectrum.length), 1)],
  }),
};

function noiseOf(seed: number, step: number, batchSize: number): Batch {
  const random = generator(seed, 'noise', step);
  const data = new Float32Array(batchSize * spectrum.length);
  for (let i = 0; i < data.length; i += 1) data[i] = Math.sqrt(spectrum[i % spectrum.length]!) * standardNormal(random);
  return noise(data, batchSize);
}

const noise = (data: Float32Array, batchSize: number): Batch => ({
  noise: { data, dims: [batchSize, spectrum.length] },
});
