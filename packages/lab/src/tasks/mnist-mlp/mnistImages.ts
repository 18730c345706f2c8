import { rowsOf } from '../../data/rows.ts';
import type { Batch } from '../../data/tensor.ts';
import { orInstall, unbundled } from '../../orInstall.ts';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import type { Splits } from '../exampleSource.ts';

/** Height and width. */
export const size = 28;
export const classes = 10;
/** Names the split; another number would be another task. */
const splitSeed = 10_000;

let cached: Splits | undefined;

/**
 * The 10,000 handwritten digits of 28 × 28 pixels in [0, 1] that the package `mnist` holds: four fifths to train on, a tenth for validation and
 * one for the test, each with its share of every digit. Throws a LabError with the command that installs the package where it is missing.
 */
export async function mnistSplits(task: string): Promise<Splits> {
  cached ??= await orInstall(`the task ${task}`, 'mnist', async () =>
    split(((await unbundled('mnist')) as Package).default),
  );
  return cached;
}

/** What the package exports: for each digit its images one behind the other, 784 numbers in [0, 1] each. */
interface Package {
  readonly default: readonly { readonly raw: readonly number[]; readonly length: number }[];
}

function split(digits: Package['default']): Splits {
  const pixels = size * size;
  const parts: Record<keyof Splits, number[]> = { train: [], validation: [], test: [] };
  const turns = ['train', 'train', 'train', 'train', 'validation', 'train', 'train', 'train', 'train', 'test'] as const;
  const count = digits.reduce((sum, { length }) => sum + length, 0);
  const data = new Float32Array(count * pixels);
  const labels = new Int32Array(count);
  let from = 0;
  digits.forEach(({ raw, length }, digit) => {
    data.set(raw, from * pixels);
    labels.fill(digit, from, from + length);
    const order = permutation(length, generator(splitSeed, 'split', digit));
    order.forEach((image, turn) => parts[turns[turn % 10]!].push(from + image));
    from += length;
  });
  const all: Batch = { inputs: { data, dims: [count, pixels] }, labels: { data: labels, dims: [count] } };
  return { train: rowsOf(all, parts.train), validation: rowsOf(all, parts.validation), test: rowsOf(all, parts.test) };
}
