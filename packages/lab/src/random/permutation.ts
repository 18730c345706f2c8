import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** The numbers 0 … length−1 in random order, each order equally likely (Fisher and Yates, Durstenfeld's form). */
export function permutation(length: number, random: RandomGenerator): Uint32Array {
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let last = length - 1; last > 0; last -= 1) {
    const chosen = uniformInt(random, 0, last);
    const swap = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = swap;
  }
  return order;
}
