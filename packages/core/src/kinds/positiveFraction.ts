import { finite, type Kind } from '../definition/kind.ts';

/**
 * A share of a whole that may not vanish, in (0, 1].
 *
 * @example
 * [1, 0].map(positiveFraction.read); // [1, undefined]
 */
export const positiveFraction: Kind<number> = {
  kind: 'positiveFraction',
  rule: 'a number in (0, 1]',
  read: (value) => finite(value, (v) => v > 0 && v <= 1),
};
