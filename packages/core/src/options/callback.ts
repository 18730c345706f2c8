import type { Rule } from './check.ts';

/**
 * A function to be called, of whatever type is asked for: its arguments cannot be seen.
 *
 * @example
 * callback().rule; // 'a function'
 */
// @__NO_SIDE_EFFECTS__
export const callback = <F extends (...given: never[]) => unknown>(): Rule<F> => ({
  rule: 'a function',
  read: (value) => (typeof value === 'function' ? (value as F) : undefined),
});

/**
 * Whatever is given: for an option whose value is checked elsewhere, so that its name is known.
 *
 * @example
 * anything.read('here'); // 'here'
 */
export const anything: Rule = { rule: 'given', read: (value) => value };
