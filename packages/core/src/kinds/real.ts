import { finite, type Kind } from '../definition/kind.ts';

/**
 * Any finite number.
 *
 * @example
 * [-1, NaN].map(real.read); // [-1, undefined]
 */
export const real: Kind<number> = {
  kind: 'real',
  rule: 'a finite number',
  read: (value) => finite(value, () => true),
};
