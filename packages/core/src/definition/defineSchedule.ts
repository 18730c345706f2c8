import type { DescribedSchedule, Schedule, SpecOf } from '../schedule.ts';
import type { Late } from './late.ts';
import type { Params, ParamTable, Resolved } from './kind.ts';
import { readOptions, type Contradiction } from './readOptions.ts';
import { toJSON } from './toJSON.ts';
import { unresolved, type UnresolvedSchedule } from './unresolved.ts';

/** A kind of schedule: call it with its options to get a schedule, or what becomes one when the run's length is known. */
export interface ScheduleDefinition<T extends string, O extends object> {
  (options: O): DescribedSchedule<SpecOf<T, O>>;
  /** With a duration relative to the run (`'10%'`, `'5ep'`), here or in a child: no schedule yet. */
  (options: Late<O>): UnresolvedSchedule;
  // The last one is what inference and error messages go by.
  (options: O): DescribedSchedule<SpecOf<T, O>>;
  readonly type: T;
  readonly params: Params<O>;
}

/** Any kind of schedule, whatever its options. */
export interface AnyScheduleDefinition {
  (options: never): DescribedSchedule<unknown>;
  readonly type: string;
  readonly params: ParamTable;
}

/**
 * Defines a kind of schedule from what runs: the parameters' kinds, the function, and the check across parameters.
 *
 * `make` receives checked options and returns the function of the step; whatever can be computed once belongs there.
 * The definition's name, its file and `spec.type` are the same word.
 *
 * @example
 * const halving = defineSchedule<'halving', { initValue: number; everySteps?: number }>(
 *   'halving',
 *   { initValue: rate, everySteps: [steps, 100] },
 *   ({ initValue, everySteps }) => (step) => initValue * 0.5 ** Math.floor(step / everySteps),
 * );
 * halving({ initValue: 0.1 })(250); // 0.025
 */
// @__NO_SIDE_EFFECTS__
export function defineSchedule<T extends string, O extends object>(
  type: T,
  params: Params<NoInfer<O>>,
  make: (options: Resolved<NoInfer<O>>) => Schedule,
  refine?: (options: Resolved<NoInfer<O>>) => Contradiction | undefined,
): ScheduleDefinition<T, O> {
  const create = (options: O): DescribedSchedule<SpecOf<T, O>> => {
    const { resolved, spec } = readOptions(type, params, options, refine);
    const schedule = Object.assign(make(resolved), { spec: spec as SpecOf<T, O>, toJSON });
    // Where types cannot tell whether options are late, resolving is always there.
    return Object.assign(schedule, { resolve: () => schedule });
  };
  const define = (options: O): unknown => unresolved(type, params, options, create) ?? create(options);
  return Object.assign(define as ScheduleDefinition<T, O>, { type, params });
}
