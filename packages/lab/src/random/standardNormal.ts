import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A number from the normal distribution of mean 0 and variance 1 (Box and Muller 1958). */
export function standardNormal(random: RandomGenerator): number {
  // 1 − u, since the logarithm of 0 is none.
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(random)));
  return radius * Math.cos(2 * Math.PI * uniformFloat64(random));
}
