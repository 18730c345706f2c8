import type { Kind } from '../definition/kind.ts';

/**
 * A name, not empty.
 *
 * @example
 * ['loss', ''].map(text.read); // ['loss', undefined]
 */
export const text: Kind<string> = {
  kind: 'text',
  rule: 'a non-empty string',
  read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};
