import { finite, type Kind } from '../definition/kind.ts';

/** A hyperparameter's value, finite and >= 0 (a negative learning rate climbs). */
export const rate: Kind<number> = {
  kind: 'rate',
  rule: 'a number >= 0',
  read: (value) => finite(value, (v) => v >= 0),
};
