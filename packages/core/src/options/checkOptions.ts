import { mustBe, scheduleError, show, type MakeError } from '../error.ts';
import type { Rule } from './check.ts';
import { hint } from './nearest.ts';

/** An option: its rule if it must be given, else a pair of its rule and its default, undefined for none. */
export type Option = Rule | readonly [rule: Rule, initial: unknown];

/** What a function takes: one entry for each option of `O`. */
export type OptionTable<O extends object> = {
  readonly [K in keyof O]-?: object extends Pick<O, K> ? readonly [rule: Rule, initial: unknown] : Rule;
};

/** Options as checked: each as its rule reads it, or its default. */
export type Checked<T> = {
  readonly [K in keyof T]: T[K] extends readonly [Rule<infer V>, infer D]
    ? V | (D extends (checked: never) => infer R ? R : D)
    : T[K] extends Rule<infer V>
      ? V
      : never;
};

/**
 * Holds an object of options to a table of rules (kinds are rules) and fills in the defaults; a default that is a function is called
 * with the options before it. No options are the same as an empty object.
 *
 * Refuses what is no object (positional arguments, a promise), an unknown option with the name that is meant, a missing one, and one
 * that breaks its rule. Throws a {@link ScheduleError}, or what `error` makes.
 *
 * @example
 * const table = { initValue: rate, everySteps: [steps, 100] };
 * checkOptions('halving', table, { initValue: 0.1 }); // { initValue: 0.1, everySteps: 100 }
 */
export function checkOptions<O extends object, const T extends OptionTable<O>>(
  subject: string,
  table: T,
  options: O | undefined,
  error: MakeError = scheduleError,
): Checked<T> {
  const entries = Object.entries<Option>(table);
  const known = entries.map(([key]) => key);
  checkKeys(subject, known, options, error);
  const given = Object(options) as Readonly<Record<string, unknown>>;
  const checked: Record<string, unknown> = {};
  for (const [key, option] of entries) {
    const [{ rule, read }, initial] = 'rule' in option ? [option] : option;
    const value = given[key];
    if (value === undefined) {
      if ('rule' in option) {
        const message = `${subject}: ${key} is required: ${rule}`;
        throw error('required', `/${key}`, message, { type: subject, parameter: key, rule });
      }
      checked[key] = typeof initial === 'function' ? (initial as (before: object) => unknown)(checked) : initial;
    } else {
      checked[key] = read(value) ?? mustBe(subject, key, rule, value, { type: subject, error });
    }
  }
  return checked as Checked<T>;
}

/**
 * Refuses options that are no object, and the first that is not known, as {@link checkOptions} does: for who reads the rest by hand.
 *
 * @example
 * let message;
 * try {
 *   checkKeys('adam', ['beta1', 'beta2'], { betas: [0.9, 0.999] });
 * } catch (error) {
 *   message = error.message;
 * }
 * message; // 'adam: unknown option "betas", write beta1 and beta2; known: beta1, beta2'
 */
export function checkKeys(
  subject: string,
  known: readonly string[],
  options: unknown,
  error: MakeError = scheduleError,
): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options) || options instanceof Promise)
    mustBe(subject, 'options', `an object { ${known.join(', ')} }`, options, { path: '', type: subject, error });
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const message = `${subject}: unknown option ${show(key)}${hint(key, known)}; known: ${known.join(', ')}`;
    const received = (options as Readonly<Record<string, unknown>>)[key];
    throw error('unknownKey', `/${key}`, message, { type: subject, parameter: key, received });
  }
}
