import { finite, type Kind } from '../definition/kind.ts';

/**
 * A duration or a point in time in steps, >= 0.
 *
 * @example
 * [0, -1].map(stepsOrZero.read); // [0, undefined]
 */
export const stepsOrZero: Kind<number> = {
  kind: 'stepsOrZero',
  rule: 'a number >= 0',
  duration: true,
  read: (value) => finite(value, (v) => v >= 0),
};
