import { finite, type Kind } from '../definition/kind.ts';

/**
 * A duration in steps, > 0; fractions are allowed.
 *
 * @example
 * [2.5, 0].map(steps.read); // [2.5, undefined]
 */
export const steps: Kind<number> = {
  kind: 'steps',
  rule: 'a number > 0',
  duration: true,
  read: (value) => finite(value, (v) => v > 0),
};
