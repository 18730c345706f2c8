import { finite, type Kind } from '../definition/kind.ts';

/**
 * A share of a whole, in [0, 1].
 *
 * @example
 * [1, 1.1].map(fraction.read); // [1, undefined]
 */
export const fraction: Kind<number> = {
  kind: 'fraction',
  rule: 'a number in [0, 1]',
  read: (value) => finite(value, (v) => v >= 0 && v <= 1),
};
