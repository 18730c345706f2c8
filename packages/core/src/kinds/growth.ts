import { finite, type Kind } from '../definition/kind.ts';

/**
 * What each cycle multiplies the length of the one before by; a bound keeps the arithmetic of cycles exact.
 *
 * @example
 * [1.5, 0.5].map(growth.read); // [1.5, undefined]
 */
export const growth: Kind<number> = {
  kind: 'growth',
  rule: 'a number in [1, 1000]',
  read: (value) => finite(value, (v) => v >= 1 && v <= 1000),
};
