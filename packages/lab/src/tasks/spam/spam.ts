import { softmaxCrossEntropy } from '@anneal/onnx';
import { accuracy } from '../../metrics/accuracy.ts';
import { crossEntropy } from '../../metrics/crossEntropy.ts';
import { mlp } from '../../models/mlp.ts';
import { exampleSource } from '../exampleSource.ts';
import type { Task } from '../task.ts';
import { classes, places, spamSplits } from './messages.ts';

const peakRates: Readonly<Record<string, number>> = {
  sgd: 3,
  momentum: 0.5,
  rmsprop: 0.001,
  adam: 0.003,
  adamW: 0.003,
};

/** Unwanted mail, told by its words. */
export const spam: Task = {
  name: 'spam',
  description: '6,046 mails of Spam Assassin, words hashed to 1,024 places, perceptron 1024-32-2',
  note: 'Mails of one mailing list resemble each other and fall on both sides of the split: the accuracy on new mail would be lower.',
  model: mlp([places, 32, classes]),
  loss: softmaxCrossEntropy(),
  metrics: [accuracy()],
  lossMetric: crossEntropy(),
  defaults: {
    epochs: 10,
    batchSize: 32,
    optimizer: 'momentum',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.003,
  },
  open: async (run) => exampleSource(await spamSplits('spam'), run),
};
