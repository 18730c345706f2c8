import type { Schedule } from '../schedule.ts';
import type { Duration } from './horizon.ts';
import type { UnresolvedSchedule } from './unresolved.ts';

/** The options of a definition with durations that may be relative to the run, and children that may be unresolved. */
export type Late<O> = { readonly [K in keyof O]: LateValue<K, O[K]> };

/** Units stand in names, so that a name tells what is a duration. */
type DurationName = `${string}Steps` | 'boundaries' | 'knots' | 'stepsPerEpoch';

type LateValue<K, V> = V extends number
  ? K extends DurationName
    ? V | Duration
    : V
  : V extends Schedule
    ? V | UnresolvedSchedule
    : V extends readonly (infer E)[]
      ? readonly LateValue<K, E>[]
      : V;
