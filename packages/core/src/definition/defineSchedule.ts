import { ScheduleError } from '../error.ts';
import type { DescribedSchedule, Schedule, SpecOf } from '../schedule.ts';
import type { Params, ParamTable, Resolved } from './kind.ts';
import { readOptions, type Contradiction } from './readOptions.ts';

/** A kind of schedule: call it with its options to get a schedule. */
export interface ScheduleDefinition<T extends string, O extends object> {
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
    return Object.assign(make(resolved), { spec: spec as SpecOf<T, O>, toJSON });
  };
  return Object.assign(create, { type, params });
}

function toJSON<Spec>(this: DescribedSchedule<Spec>): Spec {
  JSON.stringify(this.spec, refuseFunctions);
  return this.spec;
}

/** A replacer for JSON.stringify, which would leave out a bare function without a word. */
function refuseFunctions(key: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  throw new ScheduleError(`${key}: a bare function has no JSON form; make it with defineSchedule`, {
    code: 'function',
    path: `/${key}`,
    received: value,
  });
}
