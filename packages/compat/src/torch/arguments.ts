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
} from '@anneal/core/kinds';

export { choice, count, duration, flag, fraction, list, properFraction, rate, real };

export const positiveInteger: Kind<number> = integer;
export const countOrZero: Kind<number> = count;
export const gamma: Kind<number> = factor;
export const positive: Kind<number> = positiveFactor;
/** ConstantLR and LinearLR take factors up to 1 only. */
export const shareOfRate: Kind<number> = fraction;
export const annealStrategy: Kind<'cos' | 'linear'> = /* @__PURE__ */ choice('cos', 'linear');
/** Steps in any order, 0 among them. */
export const steps: Kind<readonly number[]> = /* @__PURE__ */ list(count, 0);

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
