import type { Controller } from '../controller.ts';
import { ScheduleError } from '../error.ts';
import type { DescribedSchedule } from '../schedule.ts';
import { isDuration, type RunLength } from './horizon.ts';
import type { Kind, ParamTable } from './kind.ts';
import { kindOf, resolveOptions, within, type ReadChild } from './resolveOptions.ts';
import { toJSON } from './toJSON.ts';

/** The JSON form of what is unresolved: durations as they were written. */
export interface UnresolvedSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** A schedule or controller with a duration that depends on the run: nothing that can be asked for a value yet. */
export interface Unresolved<Made> {
  readonly spec: UnresolvedSpec;
  /** The same for a run of this length. Throws a {@link ScheduleError} where that lacks what a duration needs. */
  resolve(horizon: RunLength): Made;
  toJSON(): UnresolvedSpec;
}

/** A schedule that waits for the length of the run: what every `PlanLike` may hold, and what cannot be called. */
export type UnresolvedSchedule = Unresolved<DescribedSchedule>;

/** A controller that waits for the length of the run. */
export type UnresolvedController = Unresolved<Controller>;

/**
 * True for what waits for the length of the run.
 *
 * @example
 * [constant({ value: 1 }), linear({ initValue: 1, decaySteps: '9%' })].map(isUnresolved); // [false, true]
 */
export const isUnresolved = (value: unknown): value is Unresolved<unknown> =>
  typeof value === 'object' && value !== null && 'spec' in value && 'resolve' in value && !('observe' in value);

/** What options make that hold a duration relative to the run, here or in a child; undefined where none does. */
export function unresolved<Made>(
  type: string,
  params: ParamTable,
  options: unknown,
  create: (options: never) => Made,
): Unresolved<Made> | undefined {
  const written = Object.entries(Object(options) as object);
  if (!written.some(([key, value]) => Object.hasOwn(params, key) && isLate(kindOf(params[key]!), value)))
    return undefined;
  // As they are now, whatever becomes of the caller's object until then.
  const copies = written.map(([key, value]) => [key, Array.isArray(value) ? value.slice() : value] as const);
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(copies);
  const child: ReadChild = (value, path, run) => (isUnresolved(value) ? within(path, () => value.resolve(run)) : value);
  const resolve = (horizon: RunLength): Made =>
    create(resolveOptions(type, params, given, horizon, '', child) as never);
  try {
    // What is wrong for any run is refused at once; contradictions may be so for this one alone.
    resolve({ totalSteps: 1e6, stepsPerEpoch: 1e3 });
  } catch (error) {
    if (!(error instanceof ScheduleError && error.code === 'contradiction')) throw error;
  }
  const present = Object.keys(params).filter((key) => given[key] !== undefined);
  const spec = Object.freeze({ type, ...Object.fromEntries(present.map((key) => [key, described(given[key])])) });
  return { spec, resolve, toJSON };
}

const isLate = ({ element, duration, kind }: Kind, value: unknown): boolean =>
  element !== undefined && Array.isArray(value)
    ? value.some((item) => isLate(element, item))
    : duration === true
      ? isDuration(value)
      : kind === 'child' && isUnresolved(value);

/** What stands in a spec for a value: the spec of a schedule, else the value; −0 as 0. */
export function described(value: unknown): unknown {
  if ((typeof value === 'function' || isUnresolved(value)) && 'spec' in value) return value.spec;
  if (Array.isArray(value)) return value.map(described);
  return typeof value === 'number' ? value + 0 : value;
}
