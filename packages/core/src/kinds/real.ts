import { finite, type Kind } from '../definition/kind.ts';

/** Any finite number. */
export const real: Kind<number> = {
  kind: 'real',
  rule: 'a finite number',
  read: (value) => finite(value, () => true),
};
