import type { Dataset } from '../../data/batch.ts';
import { gather, sizeOf } from '../../data/batch.ts';
import { mlp } from '../../models/mlp.ts';
import { generator } from '../../../random/generator.ts';
import { permutation } from '../../../random/permutation.ts';
import type { Splits, Task } from '../task.ts';
import { images } from '../../../tasks/digits/images.gen.ts';

const pixels = 64;
const classes = 10;
/** Names the split; another number would be another task. */
const splitSeed = 1797;

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
  splits,
  defaults: {
    epochs: 30,
    batchSize: 32,
    optimizer: 'momentum',
    learningRates: { sgd: 0.5, momentum: 0.2, rmsprop: 0.005, adam: 0.01, adamw: 0.01 },
  },
};

/** The images in the order of the data set, pixels divided by 16. */
export function readImages(): Dataset {
  const lines = images.split('\n');
  const data = new Float32Array(lines.length * pixels);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    labels[i] = Number(line[0]);
    for (let pixel = 0; pixel < pixels; pixel += 1) data[i * pixels + pixel] = (line.charCodeAt(pixel + 1) - 97) / 16;
  });
  return {
    inputs: { data, shape: [lines.length, pixels] },
    labels: { data: labels, shape: [lines.length] },
  };
}

let cached: Splits | undefined;

function splits(): Splits {
  cached ??= split(readImages());
  return cached;
}

/** Deals the images out in turn, digit by digit from a random order, so each part gets its share of every digit. */
function split(all: Dataset): Splits {
  const order = [...permutation(sizeOf(all), generator(splitSeed, 'split'))];
  const byDigit = Array.from({ length: classes }, (_, digit) =>
    order.filter((i) => all.labels.data[i] === digit),
  ).flat();
  const part = (...turns: number[]): Dataset =>
    gather(
      all,
      byDigit.filter((_, i) => turns.includes(i % 5)),
    );
  return { train: part(0, 2, 4), validation: part(1), test: part(3) };
}
