import type { Schedule } from '../schedule.ts';
import { settledAt } from './settledAt.ts';

/** An end that does not fall together with that of a run. */
export interface EndBesideRun {
  /** later: the run is over before the schedule; earlier: the schedule has come down before the run is over. */
  readonly when: 'later' | 'earlier';
  /** The step from which on the schedule keeps its value. */
  readonly step: number;
  /** The value that it keeps. */
  readonly value: number;
}

/**
 * Whether a schedule ends elsewhere than a run of so many steps: what a runner that knows its length warns of.
 *
 * A schedule without an end suits every run, and so does one that has risen to its end or jumped there: a constant after
 * a warm-up, the last step of a staircase. One that comes down to its end has a tenth of the run to hold it.
 *
 * @example
 * const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });
 * endBesideRun(cosine, 80); // { when: 'later', step: 100, value: 0 }
 * endBesideRun(cosine, 400).when; // 'earlier'
 * endBesideRun(cosine, 105); // undefined
 */
export function endBesideRun(schedule: Schedule, steps: number): EndBesideRun | undefined {
  const step = settledAt(schedule);
  if (step === undefined || step === 0) return undefined;
  const value = schedule(step);
  const size = Math.max(Math.abs(schedule(0)), Math.abs(schedule(step / 2)), Math.abs(value));
  if (step > steps) return Math.abs(schedule(steps) - value) > 1e-9 * size ? { when: 'later', step, value } : undefined;
  const fallen = schedule(0.9 * step) - value;
  const jump = Math.abs(schedule(step * (1 - 1e-6)) - value);
  return step < 0.9 * steps && fallen > 1e-9 * size && jump <= 0.01 * fallen
    ? { when: 'earlier', step, value }
    : undefined;
}
