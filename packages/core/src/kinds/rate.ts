import { finite, type Kind } from '../definition/kind.ts';

/**
 * A hyperparameter's value, finite and >= 0 (a negative learning rate climbs).
 *
 * @example
 * [0, -0.1].map(rate.read); // [0, undefined]
 */
export const rate: Kind<number> = {
  kind: 'rate',
  rule: 'a number >= 0',
  read: (value) => finite(value, (v) => v >= 0),
};
