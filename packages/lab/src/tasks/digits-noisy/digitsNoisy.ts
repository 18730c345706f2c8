import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import { classes, digitSplits } from '../digits/digitImages.ts';
import { digits } from '../digits/digits.ts';
import { exampleSource, type Splits } from '../exampleSource.ts';
import type { Task } from '../task.ts';

/** Share of the training examples whose label is drawn anew; a tenth of them draw what they had. */
const redrawn = 0.2;

/**
 * The digits with noise in what is learned from: the labels of a fifth of the training examples are drawn anew, by the
 * run's seed. Validation and test are clean. Noise is what a decaying rate averages out, so schedules differ here.
 */
export const digitsNoisy: Task = {
  ...digits,
  name: 'digits-noisy',
  description: 'The digits with 20 % of the training labels drawn anew, perceptron 64-128-10',
  note: 'A fifth of the training labels is noise: a run that learns them by heart does worse on the clean test, whatever its training loss.',
  open: (run) => exampleSource(noisySplits(run.seed), run),
};

/** The splits of the digits, with noisy training labels. */
export function noisySplits(seed: number): Splits {
  const splits = digitSplits();
  const { data, dims } = splits.train['labels']!;
  const labels = Int32Array.from(data as Int32Array);
  const random = generator(seed, 'labels');
  const chosen = permutation(labels.length, random).subarray(0, Math.round(redrawn * labels.length));
  for (const i of chosen) labels[i] = uniformInt(random, 0, classes - 1);
  return { ...splits, train: { ...splits.train, labels: { data: labels, dims } } };
}
