import { finite, type Kind } from '../definition/kind.ts';

/**
 * A duration in whole steps, >= 1.
 *
 * @example
 * [3, 2.5].map(wholeSteps.read); // [3, undefined]
 */
export const wholeSteps: Kind<number> = {
  kind: 'wholeSteps',
  rule: 'an integer >= 1',
  duration: true,
  whole: true,
  read: (value) => finite(value, (v) => Number.isInteger(v) && v >= 1),
};
