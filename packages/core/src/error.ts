/** What went wrong, for programs: the sentence in `message` is for people. */
export type ScheduleErrorCode =
  | 'required' // a parameter without default is missing
  | 'invalid' // a value breaks the rule of its parameter
  | 'contradiction' // two parameters exclude each other
  | 'unknownKey'
  | 'unknownType'
  | 'horizon' // "10%" or "5ep" where the total or the epoch length is unknown
  | 'function' // a bare function where only data can stand
  | 'tooLarge' // JSON input beyond the bounds on depth and size
  | 'clock' // the scheduler's counter belongs to somebody else
  | 'planChanged'
  | 'state';

/** The fields of a {@link ScheduleError}: enough for a form to mark the field that is wrong. */
export interface ScheduleErrorDetails {
  readonly code: ScheduleErrorCode;
  /** JSON pointer to the offending value inside what was given: `"/schedule/decaySteps"`. */
  readonly path: string;
  /** The definition concerned, `spec.type`: `"cosineDecay"`. */
  readonly type?: string;
  /** The parameter's name: `"decaySteps"`. */
  readonly parameter?: string;
  /** What is asked for, completing "must be …": `"a number > 0"`. */
  readonly rule?: string;
  /** What came instead. */
  readonly received?: unknown;
}

/** The one error of core: thrown where a schedule, plan or scheduler is made, never where it is evaluated. */
export class ScheduleError extends RangeError implements ScheduleErrorDetails {
  override readonly name = 'ScheduleError';
  readonly code: ScheduleErrorCode;
  readonly path: string;
  readonly type?: string;
  readonly parameter?: string;
  readonly rule?: string;
  readonly received?: unknown;

  constructor(message: string, details: ScheduleErrorDetails) {
    super(message);
    this.code = details.code;
    this.path = details.path;
    Object.assign(this, details);
  }

  /** The same error, seen from further out: `prefix` goes in front of its path. */
  within(prefix: string): ScheduleError {
    const { code, type, parameter, rule, received } = this;
    return new ScheduleError(this.message, {
      code,
      path: prefix + this.path,
      ...(type !== undefined && { type }),
      ...(parameter !== undefined && { parameter }),
      ...(rule !== undefined && { rule }),
      ...('received' in this && { received }),
    });
  }
}

/** A value as it stands in an error sentence: short, one line, never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (value === null || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
}
