import { finite, type Kind } from '../definition/kind.ts';

/**
 * A share that is less than the whole, in [0, 1).
 *
 * @example
 * [0, 1].map(properFraction.read); // [0, undefined]
 */
export const properFraction: Kind<number> = {
  kind: 'properFraction',
  rule: 'a number in [0, 1)',
  read: (value) => finite(value, (v) => v >= 0 && v < 1),
};
