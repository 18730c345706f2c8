import { finite, type Kind } from '../definition/kind.ts';

/** A duration or a point in time in steps, >= 0. */
export const stepsOrZero: Kind<number> = {
  kind: 'stepsOrZero',
  rule: 'a number >= 0',
  duration: true,
  read: (value) => finite(value, (v) => v >= 0),
};
