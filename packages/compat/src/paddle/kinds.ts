import type { Kind } from '@anneal/core';

/** A learning rate, or the description of a scheduler in its place. */
export const rateOrScheduler: Kind<number | Readonly<Record<string, unknown>>> = {
  kind: 'rateOrScheduler',
  rule: 'a number >= 0 or the description of a scheduler',
  read: (value) => {
    if (typeof value === 'number') return value >= 0 && value < Infinity ? value : undefined;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  },
};
