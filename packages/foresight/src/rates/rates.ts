import { mustBe, toPlan, type LateSchedule, type Schedule } from '@anneal/core';

/** Most updates that are looked ahead: eight bytes for each are kept. */
const most = 50_000_000;

/** Refuses a number of updates that is not one. */
export function checkSteps(subject: string, steps: unknown): number {
  if (typeof steps === 'number' && Number.isInteger(steps) && steps >= 1 && steps <= most) return steps;
  return mustBe(subject, 'steps', `an integer from 1 to ${most}`, steps);
}

/**
 * The rates that `steps` updates see, in their order: η_1 = schedule(0), …, η_T = schedule(T − 1).
 *
 * Durations that are relative to the run are resolved to it. Throws a ScheduleError where the schedule is none, and for the first rate that is negative or
 * not finite.
 */
export function rates(subject: string, schedule: LateSchedule, steps: number, parameter = 'schedule'): Float64Array {
  checkSteps(subject, steps);
  const known = resolved(schedule, steps);
  return series(subject, parameter, known ?? mustBe(subject, parameter, 'a schedule or a number', schedule), steps);
}

/** A schedule for a run of so many updates; undefined for what is none. */
export function resolved(schedule: LateSchedule, steps: number): Schedule | number | undefined {
  if (typeof schedule === 'function' || typeof schedule === 'number') return schedule;
  return 'resolve' in Object(schedule) ? (toPlan(schedule, { totalSteps: steps }).learningRate as Schedule) : undefined;
}

/** One number for each update of a run: a number for all, a function of the step, or a list with one for each. */
export function series(
  subject: string,
  parameter: string,
  value: number | ((step: number) => number) | ArrayLike<number>,
  steps: number,
): Float64Array {
  checkSteps(subject, steps);
  const at =
    typeof value === 'number' ? () => value : typeof value === 'function' ? value : (step: number) => value[step];
  const numbers = new Float64Array(steps);
  for (let step = 0; step < steps; step += 1) {
    const one = at(step);
    if (!isAmount(one))
      mustBe(subject, parameter, `a finite number >= 0 at each of the ${steps} steps, also at step ${step}`, one);
    numbers[step] = one;
  }
  return numbers;
}

/** One number for each of `count` things: a list of that length, or a number that all share. */
export function perItem(subject: string, parameter: string, value: unknown, count: number, what: string): Float64Array {
  if (isAmount(value)) return new Float64Array(count).fill(value);
  if (Array.isArray(value) && value.length === count && value.every(isAmount)) return Float64Array.from(value);
  return mustBe(subject, parameter, `a finite number >= 0, or a list of ${count} of them, one for each ${what}`, value);
}

/** A finite number > 0. */
export function positive(subject: string, parameter: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < Infinity) return value;
  return mustBe(subject, parameter, 'a finite number > 0', value);
}

/** A finite number >= 0. */
export function amount(subject: string, parameter: string, value: unknown): number {
  return isAmount(value) ? value : mustBe(subject, parameter, 'a finite number >= 0', value);
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity;
