import { softmaxCrossEntropy } from '@anneal/onnx';
import { accuracy } from '../../metrics/accuracy.ts';
import { crossEntropy } from '../../metrics/crossEntropy.ts';
import { mlp } from '../../models/mlp.ts';
import { exampleSource } from '../exampleSource.ts';
import type { Task } from '../task.ts';
import { classes, mnistSplits, size } from './mnistImages.ts';

const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.3,
  momentum: 0.05,
  rmsprop: 0.001,
  adam: 0.002,
  adamW: 0.002,
};

/** Handwritten digits of 28 × 28 pixels for a multilayer perceptron with two hidden layers of 128. */
export const mnistMlp: Task = {
  name: 'mnist-mlp',
  description: '10,000 digits of MNIST, 28 × 28 pixels, perceptron 784-128-128-10',
  note: 'A sixth of MNIST: accuracies are a point or two below those known for the whole of it.',
  model: mlp([size * size, 128, 128, classes]),
  loss: softmaxCrossEntropy(),
  metrics: [accuracy()],
  lossMetric: crossEntropy(),
  defaults: {
    epochs: 5,
    batchSize: 32,
    optimizer: 'momentum',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.002,
  },
  open: async (run) => exampleSource(await mnistSplits('mnist-mlp'), run),
};
