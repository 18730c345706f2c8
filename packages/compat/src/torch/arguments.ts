import type { Kind } from '@anneal/core';
import {
  choice,
  count,
  factor,
  flag,
  fraction,
  integer,
  list,
  positiveFactor,
  properFraction,
  rate,
  real,
  steps as duration,
  stepsOrZero,
} from '@anneal/core/kinds';

export { choice, count, duration, flag, fraction, list, properFraction, rate, real };

export const positiveInteger: Kind<number> = integer;
export const countOrZero: Kind<number> = count;
/** PyTorch divides by most of its numbers of steps and compares with the others, so fractions may stand there. */
export const durationOrZero: Kind<number> = stepsOrZero;
export const gamma: Kind<number> = factor;
export const positive: Kind<number> = positiveFactor;
/** ConstantLR and LinearLR take factors up to 1 only. */
export const shareOfRate: Kind<number> = fraction;
export const annealStrategy: Kind<'cos' | 'linear'> = /* @__PURE__ */ choice('cos', 'linear');
/** Steps in any order, 0 and fractions among them. */
export const steps: Kind<readonly number[]> = /* @__PURE__ */ list(stepsOrZero, 0);

/** What a class takes and does not look at. */
export const unread: Kind = { kind: 'unread', rule: 'anything', read: (value) => value };

/** PyTorch up to 2.6 prints each new rate where it is true; no value depends on it. */
export const verbose: readonly [Kind<boolean | number | 'deprecated'>, null] = [
  {
    kind: 'verbose',
    rule: 'true, false or "deprecated"',
    read: (value) =>
      value === true || value === false || value === 0 || value === 1 || value === 'deprecated' ? value : undefined,
  },
  null,
];

export const positiveShareOfRate: Kind<number> = {
  kind: 'fraction',
  rule: 'a number > 0 and at most 1',
  read: (value) => (value === 0 ? undefined : fraction.read(value)),
};

/** The text of a lambda; `readLambda` says which. */
export const lambdaText: Kind<string> = {
  kind: 'text',
  rule: 'the text of a Python lambda',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** Where a scheduler takes up again. A description is of a run from its start, so only the default stands. */
export const lastEpoch: readonly [Kind<-1>, -1] = [
  { kind: 'real', rule: '-1, a run from its start', read: (value) => (value === -1 ? -1 : undefined) },
  -1,
];
