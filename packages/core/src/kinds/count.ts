import { finite, type Kind } from '../definition/kind.ts';

/**
 * A whole number >= 0: reports waited, cycles made.
 *
 * @example
 * [0, 1.5].map(count.read); // [0, undefined]
 */
export const count: Kind<number> = {
  kind: 'count',
  rule: 'an integer >= 0',
  read: (value) => finite(value, (v) => Number.isInteger(v) && v >= 0),
};
