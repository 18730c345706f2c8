import type { Kind } from '../definition/kind.ts';

/** A name, not empty. */
export const text: Kind<string> = {
  kind: 'text',
  rule: 'a non-empty string',
  read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};
