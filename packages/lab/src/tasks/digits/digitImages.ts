import { rowsOf } from '../../data/rows.ts';
import type { Batch } from '../../data/tensor.ts';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import type { Splits } from '../exampleSource.ts';
import { images } from './images.gen.ts';

export const pixels = 64;
export const classes = 10;
/** Names the split; another number would be another task. */
const splitSeed = 1797;

/** The images in the order of the data set: `inputs` with pixels divided by 16, `labels`. */
export function readImages(): Batch {
  const lines = images.split('\n');
  const data = new Float32Array(lines.length * pixels);
  const labels = new Int32Array(lines.length);
  lines.forEach((line, i) => {
    labels[i] = Number(line[0]);
    for (let pixel = 0; pixel < pixels; pixel += 1) data[i * pixels + pixel] = (line.charCodeAt(pixel + 1) - 97) / 16;
  });
  return { inputs: { data, dims: [lines.length, pixels] }, labels: { data: labels, dims: [lines.length] } };
}

let cached: Splits | undefined;

/** Three fifths of the images to train on, a fifth for validation and one for the test; each has its share of every digit. */
export function digitSplits(): Splits {
  cached ??= split(readImages());
  return cached;
}

/** Deals the images out in turn, digit by digit from a random order. */
function split(all: Batch): Splits {
  const labels = all['labels']!.data as Int32Array;
  const order = [...permutation(labels.length, generator(splitSeed, 'split'))];
  const byDigit = Array.from({ length: classes }, (_, digit) => order.filter((i) => labels[i] === digit)).flat();
  const part = (...turns: number[]): Batch =>
    rowsOf(
      all,
      byDigit.filter((_, i) => turns.includes(i % 5)),
    );
  return { train: part(0, 2, 4), validation: part(1), test: part(3) };
}
