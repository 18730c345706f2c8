import { softmaxCrossEntropy } from '@anneal/onnx';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { accuracy } from '../metrics/accuracy.ts';
import { crossEntropy } from '../metrics/crossEntropy.ts';
import { mlp } from '../models/mlp.ts';
import { generator } from '../random/generator.ts';
import type { Batch } from '../data/tensor.ts';
import { exampleSource } from '../tasks/exampleSource.ts';
import type { Task } from '../tasks/task.ts';

/** Points of the plane in three classes by their angle, for a perceptron 2-8-3: small enough to train in every test. */
export const smallTask: Task = {
  name: 'small',
  description: 'points of the plane in three classes',
  note: 'For tests.',
  model: mlp([2, 8, 3]),
  loss: softmaxCrossEntropy(),
  metrics: [accuracy()],
  lossMetric: crossEntropy(),
  defaults: { epochs: 2, batchSize: 8, optimizer: 'sgd', peakRate: () => 0.1 },
  open: (run) => exampleSource({ train: points(80, 1), validation: points(24, 2), test: points(24, 3) }, run),
};

function points(count: number, seed: number): Batch {
  const random = generator(seed, 'points');
  const inputs = Float32Array.from({ length: 2 * count }, () => 2 * uniformFloat64(random) - 1);
  const labels = Int32Array.from({ length: count }, (_, i) =>
    Math.min(2, Math.floor((1.5 * (Math.atan2(inputs[2 * i + 1]!, inputs[2 * i]!) + Math.PI)) / Math.PI)),
  );
  return { inputs: { data: inputs, dims: [count, 2] }, labels: { data: labels, dims: [count] } };
}
