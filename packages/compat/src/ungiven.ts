import type { Kind } from '@anneal/core';

/** An argument that has to stay at its default: what else it could be has no form in a description. */
export const ungiven = <D extends number | null>(initial: D): readonly [Kind<D>, D] => [
  { kind: 'ungiven', rule: `left out (${initial})`, read: (value) => (value === initial ? initial : undefined) },
  initial,
];
