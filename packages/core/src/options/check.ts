import { mustBe, type Refusal } from '../error.ts';
import type { Kind } from '../definition/kind.ts';

/** What an argument must be: a kind, or its sentence and its reading alone. */
export type Rule<V = unknown> = Pick<Kind<V>, 'rule' | 'read'>;

/**
 * Holds the argument of a function to a kind, as options are held: `scaleTo: from must be a number > 0; received 0`.
 * Throws a {@link ScheduleError}, or what `refusal.error` makes.
 *
 * @example
 * check('myFunction', 'from', { rule: 'a word', read: (v) => (typeof v === 'string' ? v : undefined) }, 'here'); // 'here'
 */
export function check<V>(
  subject: string,
  parameter: string,
  { rule, read }: Rule<V>,
  received: unknown,
  refusal?: Refusal,
): V {
  return read(received) ?? mustBe(subject, parameter, rule, received, refusal);
}
