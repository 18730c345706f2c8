import { finite, type Kind } from '../definition/kind.ts';

/**
 * A whole number >= 1.
 *
 * @example
 * [1, 0].map(integer.read); // [1, undefined]
 */
export const integer: Kind<number> = {
  kind: 'integer',
  rule: 'an integer >= 1',
  read: (value) => finite(value, (v) => Number.isInteger(v) && v >= 1),
};
