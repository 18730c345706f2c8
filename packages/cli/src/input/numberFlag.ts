import { UsageError } from '../usageError.ts';

interface Rule {
  /** Completes "must be …". */
  readonly rule: string;
  readonly holds: (value: number) => boolean;
}

/** A whole number of things, at least one; the upper bound keeps what is computed in memory. */
export const count: Rule = {
  rule: 'an integer from 1 to 10000000',
  holds: (value) => Number.isInteger(value) && value >= 1 && value <= 1e7,
};

/** A step: how many updates have been made. */
export const step: Rule = { rule: 'an integer >= 0', holds: (value) => Number.isSafeInteger(value) && value >= 0 };

/** A rate or a duration, which may be fractional. */
export const positive: Rule = { rule: 'a number > 0', holds: (value) => value > 0 && value < Infinity };

/** A share below the whole. */
export const properShare: Rule = { rule: 'mean, or a number in [0, 1)', holds: (value) => value >= 0 && value < 1 };

/** A seed of 32 bits. */
export const seed: Rule = {
  rule: 'an integer from 0 to 4294967295',
  holds: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
};

/** Reads the number in a flag; undefined where the flag is not given. */
export function numberFlag(name: string, text: string | undefined, { rule, holds }: Rule): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!holds(value)) throw new UsageError(`--${name} must be ${rule}; received ${JSON.stringify(text)}`);
  return value;
}

/** Like {@link numberFlag}, for a flag that has to be given. */
export function requiredNumber(name: string, text: string | undefined, rule: Rule): number {
  const value = numberFlag(name, text, rule);
  if (value === undefined) throw new UsageError(`--${name} is required: ${rule.rule}`);
  return value;
}
