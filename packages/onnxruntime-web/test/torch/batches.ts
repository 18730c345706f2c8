import type { Batch } from '../../src/batch.ts';
import { random } from '../mlp.ts';

/** How a batch was made: the arguments of the program's function of the same kind. */
export interface BatchRecipe {
  readonly kind: keyof typeof kinds;
  readonly count: number;
  readonly seed: number;
  readonly size: number;
  readonly side?: number;
}

/** The batches of tools/reference/onnx_batches.py, bit for bit: integers, sums and products of doubles, one rounding to float32. */
export const batchesOf = (recipe: BatchRecipe): Batch[] => {
  const next = random(recipe.seed);
  return Array.from({ length: recipe.count }, () => kinds[recipe.kind](recipe, next));
};

const int64 = (values: readonly number[]): BigInt64Array => BigInt64Array.from(values, BigInt);

/** Called from left to right, row after row: the order in which the numbers are drawn. */
const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, i) => make(i));

const kinds = {
  /** Points whose class is the largest of their first coordinates. */
  vectors({ size }: BatchRecipe, next: () => number): Batch {
    const rows = times(size, () => times(16, () => 2 * next() - 1));
    const labels = rows.map((row) => row.indexOf(Math.max(...row.slice(0, 6))));
    return {
      x: { data: Float32Array.from(rows.flat()), dims: [size, 16] },
      labels: { data: int64(labels), dims: [size] },
    };
  },

  /** Stripes of a width and phase that depend on the class and the channel, under noise. */
  images({ size, side = 12 }: BatchRecipe, next: () => number): Batch {
    const labels = times(size, () => Math.floor(6 * next()));
    const pixels = labels.flatMap((label) =>
      times(3 * side * side, (i) => {
        const [channel, row, column] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side];
        return ((row * (label + 1) + column * (channel + 1)) % 7 < 3 ? 0.5 : -0.5) + (2 * next() - 1);
      }),
    );
    return {
      x: { data: Float32Array.from(pixels), dims: [size, 3, side, side] },
      labels: { data: int64(labels), dims: [size] },
    };
  },

  /** Sequences that go on by a step of their own, some shorter than the rest: padded with 0, label −100 there. */
  tokens({ size }: BatchRecipe, next: () => number): Batch {
    const [length, vocabulary] = [16, 24];
    const rows = times(size, () => {
      const [at, step] = [Math.floor(vocabulary * next()), 1 + Math.floor(4 * next())];
      const kept = length - Math.floor(6 * next());
      const token = (i: number): number => (at + step * i) % vocabulary;
      return times(length, (i) => (i < kept ? [token(i), 1, token(i + 1)] : [0, 0, -100]));
    });
    const column = (part: number): BigInt64Array => int64(rows.flat().map((entry) => entry[part]!));
    const dims = [size, length];
    return { tokens: { data: column(0), dims }, mask: { data: column(1), dims }, labels: { data: column(2), dims } };
  },
} satisfies Record<string, (recipe: BatchRecipe, next: () => number) => Batch>;
