import { finite, type Kind } from '../definition/kind.ts';

/**
 * A multiplier, finite and >= 0.
 *
 * @example
 * [0, -1].map(factor.read); // [0, undefined]
 */
export const factor: Kind<number> = {
  kind: 'factor',
  rule: 'a number >= 0',
  read: (value) => finite(value, (v) => v >= 0),
};
