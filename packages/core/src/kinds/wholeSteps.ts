import { finite, type Kind } from '../definition/kind.ts';

/** A duration in whole steps, >= 1. */
export const wholeSteps: Kind<number> = {
  kind: 'wholeSteps',
  rule: 'an integer >= 1',
  duration: true,
  whole: true,
  read: (value) => finite(value, (v) => Number.isInteger(v) && v >= 1),
};
