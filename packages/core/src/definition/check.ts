import { mustBe, type ScheduleErrorCode } from '../error.ts';
import type { Kind } from './kind.ts';

/** What an argument must be: a kind, or its sentence and its reading alone. */
export type Rule<V> = Pick<Kind<V>, 'rule' | 'read'>;

/**
 * Holds the argument of a function to a kind, as options are held: `scaleTo: from must be a number > 0; received 0`.
 * Throws a ScheduleError.
 */
export function check<V>(
  subject: string,
  parameter: string,
  { rule, read }: Rule<V>,
  received: unknown,
  path?: string,
  code?: ScheduleErrorCode,
): V {
  return read(received) ?? mustBe(subject, parameter, rule, received, path, code);
}
