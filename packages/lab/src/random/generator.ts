import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A generator for one purpose: the same seed and path always give the same stream, different ones unrelated streams.
 *
 * Whatever is drawn at an epoch comes from a generator of its own, `generator(seed, 'order', epoch)`, so nothing about
 * randomness has to be kept to go on in the middle of a run.
 */
export function generator(seed: number, ...path: readonly (string | number)[]): RandomGenerator {
  let hash = mix(seed);
  for (const part of path) {
    for (const code of typeof part === 'number' ? [part] : Array.from(part, (letter) => letter.charCodeAt(0)))
      hash = mix(hash ^ code);
  }
  return xoroshiro128plus(hash);
}

/** A bijection of 32-bit integers in which each input bit reaches each output bit (finalizer of MurmurHash3, Appleby). */
function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
