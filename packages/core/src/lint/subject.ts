import { settledAt } from '../look/settledAt.ts';
import { walk, type Course, type Outlines } from '../look/walk.ts';
import type { Hyperparameter } from '../plan/plan.ts';
import type { Schedule } from '../schedule.ts';
import type { Finding, FindingCode, Severity } from './finding.ts';

/** One track under examination, with what every rule needs to know of it. */
export interface Subject {
  readonly hyperparameter: Hyperparameter;
  readonly schedule: Schedule;
  /** Updates in the run, on the track's clock. */
  readonly steps: number;
  /** Steps that were looked at, in order, and the values there: all of them up to a million. */
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** The largest finite value, for tolerances. */
  readonly peak: number;
  readonly course: Course;
  /** The step from which on one value is kept for ever. */
  readonly settled: number | undefined;
  /** Makes a finding about this track; `where` is a pointer within its schedule. */
  readonly find: (code: FindingCode, severity: Severity, message: string, step?: number, where?: string) => Finding;
  /** A step for people: `"step 500"`, with the epoch where its length is known. */
  readonly say: (step: number) => string;
}

/** Where a track stands and what a step is called there. */
export interface Place {
  readonly hyperparameter: Hyperparameter;
  /** JSON pointer to the schedule in what was given. */
  readonly path: string;
  /** The plan's step at which the track's clock shows 0. */
  readonly start: number;
  readonly stepsPerEpoch: number | undefined;
}

const most = 1_000_000;

/** Looks at a schedule once, for all rules. */
export function subjectOf(schedule: Schedule, steps: number, place: Place, outlines: Outlines): Subject {
  const { hyperparameter, path, start, stepsPerEpoch } = place;
  const count = Math.min(Math.ceil(steps), most);
  const at = new Float64Array(count);
  const values = new Float64Array(count);
  let peak = 0;
  for (let i = 0; i < count; i += 1) {
    at[i] = count < most ? i : Math.floor((i * (steps - 1)) / (count - 1));
    values[i] = schedule(at[i]!);
    if (Number.isFinite(values[i])) peak = Math.max(peak, values[i]!);
  }
  const say = (step: number): string => {
    const global = step + start;
    return `step ${global}${stepsPerEpoch === undefined ? '' : ` (epoch ${Number((global / stepsPerEpoch).toPrecision(6))})`}`;
  };
  return {
    hyperparameter,
    schedule,
    steps,
    at,
    values,
    peak,
    course: walk(schedule, steps, outlines),
    settled: settledAt(schedule),
    say,
    find: (code, severity, message, step, where = '') => ({
      code,
      severity,
      message,
      path: path + where,
      ...(step !== undefined && { step: step + start }),
    }),
  };
}
