import { sizeOf } from '../graph/tensor.ts';
import type { DropoutMask } from './dropoutMasks.ts';

/** The 32-bit finaliser "lowbias32" of C. Wellons' hash-prospector (2018), with a word added between its two rounds. */
function mixed(word: number, added: number): number {
  const half = (Math.imul(word ^ (word >>> 16), 0x7feb352d) + added) | 0;
  const hash = Math.imul(half ^ (half >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** One word from whole numbers up to 2⁵³, each of which counts with all its bits. */
const keyOf = (numbers: readonly number[], start: number): number =>
  numbers.reduce((key, number) => mixed(mixed(key ^ (number >>> 0), start), Math.floor(number / 2 ** 32)), start);

/**
 * Fills a dropout mask: each element is 0 with probability `ratio`, else 1/(1 − ratio). It is a function of its place and the numbers of
 * `counter` alone (counter-based, as Salmon et al. 2011), the same on every machine and however a training is cut into calls.
 */
export function fillMask(mask: Float32Array, ratio: number, counter: readonly number[]): void {
  const [first, second] = [keyOf(counter, 0x9e3779b9), keyOf(counter, 0x85ebca6b)];
  const [bound, kept] = [Math.round(ratio * 2 ** 31), 1 / (1 - ratio)];
  for (let i = 0; i < mask.length; i++) {
    // The sign of a difference, 1 or 0: a branch here would be mispredicted as often as not, and cost four times as much.
    const dropped = ((mixed((i + first) | 0, second) >>> 1) - bound) >>> 31;
    mask[i] = kept - kept * dropped;
  }
}

/** The masks of the next updates, by input: one for each dropout, update and batch. */
export const masksFor = (
  masks: readonly DropoutMask[],
  seed: number,
  { step, steps, accumulate }: { readonly step: number; readonly steps: number; readonly accumulate: number },
): ReadonlyMap<string, Float32Array<ArrayBuffer>> =>
  new Map(
    masks.map(({ input, index, ratio, dims }) => {
      const size = sizeOf(dims);
      const all = new Float32Array(steps * accumulate * size);
      for (let batch = 0; batch < steps * accumulate; batch++) {
        const counter = [seed, index, step + Math.floor(batch / accumulate), batch % accumulate];
        fillMask(all.subarray(batch * size, (batch + 1) * size), ratio, counter);
      }
      return [input, all];
    }),
  );
