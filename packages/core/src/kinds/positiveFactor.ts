import { finite, type Kind } from '../definition/kind.ts';

/**
 * A multiplier that may not vanish, > 0.
 *
 * @example
 * [0.5, 0].map(positiveFactor.read); // [0.5, undefined]
 */
export const positiveFactor: Kind<number> = {
  kind: 'positiveFactor',
  rule: 'a number > 0',
  read: (value) => finite(value, (v) => v > 0),
};
