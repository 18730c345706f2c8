import { softmaxCrossEntropy } from '@anneal/onnx';
import { accuracy } from '../../metrics/accuracy.ts';
import { crossEntropy } from '../../metrics/crossEntropy.ts';
import { mlp } from '../../models/mlp.ts';
import { exampleSource } from '../exampleSource.ts';
import type { Task } from '../task.ts';
import { classes, digitSplits, pixels } from './digitImages.ts';

const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.5,
  momentum: 0.2,
  rmsprop: 0.005,
  adam: 0.01,
  adamW: 0.01,
};

/**
 * Handwritten digits of 8 × 8 pixels (see DATA.md) for a multilayer perceptron with one hidden layer of 128.
 *
 * Clean digits show little difference between schedules: the task is for seeing the machinery at work on real data.
 */
export const digits: Task = {
  name: 'digits',
  description: '1,797 handwritten digits of 8 × 8 pixels, perceptron 64-128-10',
  note: 'Clean digits show little difference between a schedule and a well chosen constant rate: this shows that it runs, not that it helps.',
  model: mlp([pixels, 128, classes]),
  loss: softmaxCrossEntropy(),
  metrics: [accuracy()],
  lossMetric: crossEntropy(),
  defaults: {
    epochs: 30,
    batchSize: 32,
    optimizer: 'momentum',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.01,
  },
  open: (run) => exampleSource(digitSplits(), run),
};
