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

/**
 * The one error of core: thrown where a schedule, plan or scheduler is made, never where it is evaluated.
 *
 * @example
 * let caught;
 * try {
 *   cosineDecay({ initValue: 0.1, decaySteps: 0 });
 * } catch (error) {
 *   caught = error;
 * }
 * caught.message; // 'cosineDecay: decaySteps must be a number > 0; received 0'
 * [caught.code, caught.path, caught.rule]; // ['invalid', '/decaySteps', 'a number > 0']
 */
export class ScheduleError extends RangeError implements ScheduleErrorDetails {
  declare readonly code: ScheduleErrorCode;
  declare readonly path: string;
  declare readonly type?: string;
  declare readonly parameter?: string;
  declare readonly rule?: string;
  declare readonly received?: unknown;

  constructor(code: ScheduleErrorCode, path: string, message: string, details?: Partial<ScheduleErrorDetails>) {
    super(message);
    // One assignment instead of six fields: this class is in every bundle.
    Object.assign(this, details, { name: 'ScheduleError', code, path });
  }
}

/**
 * Refuses one parameter: `scaleTo: from must be a number > 0; received 0`. For definitions and functions that check more
 * than kinds can.
 *
 * @example
 * let message;
 * try {
 *   mustBe('myFunction', 'from', 'a number > 0', 0);
 * } catch (error) {
 *   message = error.message;
 * }
 * message; // 'myFunction: from must be a number > 0; received 0'
 */
export function mustBe(
  subject: string,
  parameter: string,
  rule: string,
  received: unknown,
  { error = scheduleError, code = 'invalid', path = `/${parameter}`, type }: Refusal = {},
): never {
  const message = `${subject}: ${parameter} must be ${rule}; received ${show(received)}`;
  throw error(code, path, message, { ...(type !== undefined && { type }), parameter, rule, received });
}

/** Makes the error of a package, its arguments in the order that every error of the house has; by default a {@link ScheduleError}. */
export type MakeError = (
  code: ScheduleErrorCode,
  path: string,
  message: string,
  details: Omit<ScheduleErrorDetails, 'code' | 'path'>,
) => Error;

export const scheduleError: MakeError = (code, path, message, details) =>
  new ScheduleError(code, path, message, details);

/** What differs from the usual refusal: its fields, and the error that carries them. */
export interface Refusal extends Partial<Pick<ScheduleErrorDetails, 'code' | 'path' | 'type'>> {
  readonly error?: MakeError;
}

/**
 * A value as it stands in an error sentence: short, one line, never throwing.
 *
 * @example
 * [0.1, 'text', [1, 2], Math.cos].map(show); // ['0.1', '"text"', 'an array of 2', 'a function']
 */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'function') return isDefinition(value) ? `${value.type}, not called` : 'a function';
  if (value instanceof Promise) return 'a promise, not awaited';
  return Object(value) === value ? 'an object' : String(value);
}

/** True for what defineSchedule and defineController make: a function of options, not of the step. */
export const isDefinition = (value: unknown): value is { readonly type: string } =>
  typeof value === 'function' && 'params' in value && 'type' in value;
