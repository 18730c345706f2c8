import { softmaxCrossEntropy } from '@anneal/onnx';
import { accuracy } from '../../metrics/accuracy.ts';
import { crossEntropy } from '../../metrics/crossEntropy.ts';
import { perplexity } from '../../metrics/perplexity.ts';
import { transformer } from '../../models/transformer.ts';
import type { Task } from '../task.ts';
import { mobyDick, vocabulary } from './book.ts';
import { length, textSource } from './textSource.ts';

const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.5,
  momentum: 0.1,
  rmsprop: 0.001,
  adam: 0.003,
  adamW: 0.003,
};

/** The next character of Moby-Dick, for a causal transformer that is normalised before each part. */
export const text: Task = {
  name: 'text',
  description: 'Next character of Moby-Dick, pre-norm transformer of 4 blocks, width 64',
  note: 'Normalised before each part, a small transformer needs no warm-up: text-post-norm is the one that does.',
  model: transformer({ norm: 'pre', blocks: 4, width: 64, heads: 4, vocabulary, length }),
  loss: softmaxCrossEntropy(),
  metrics: [perplexity(), accuracy()],
  lossMetric: crossEntropy(),
  defaults: {
    epochs: 5,
    batchSize: 16,
    optimizer: 'adam',
    peakRate: (optimizer) => peakRates[optimizer] ?? 0.003,
  },
  open: async (run) => textSource(await mobyDick('text'), run),
};
