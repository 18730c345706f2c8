import type { Kind } from '@anneal/core';

const number = (kind: string, rule: string, test: (value: number) => boolean): Kind<number> => ({
  kind,
  rule,
  read: (value) => (typeof value === 'number' && Number.isFinite(value) && test(value) ? value : undefined),
});

/** The share of an old mean that an update keeps. */
export const keptShare: Kind<number> = number(
  'properFraction',
  'a number in [0, 1)',
  (value) => value >= 0 && value < 1,
);

/** What keeps a quotient finite. */
export const positive: Kind<number> = number('positiveFactor', 'a number > 0', (value) => value > 0);

/** A strength, 0 for none. */
export const strength: Kind<number> = number('factor', 'a number >= 0', (value) => value >= 0);
