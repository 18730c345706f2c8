import type { Kind } from '../definition/kind.ts';

/**
 * Yes or no.
 *
 * @example
 * [false, 0].map(flag.read); // [false, undefined]
 */
export const flag: Kind<boolean> = {
  kind: 'flag',
  rule: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};
