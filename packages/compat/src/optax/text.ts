import { pythonCall, pythonFloat, pythonList, pythonNumber } from '../python.ts';

/** A call of a function of optax. */
export const call = (name: string, args: Readonly<Record<string, string | undefined>>): string =>
  pythonCall(`optax.${name}`, args);

/** A function of the count, as Python writes one on a line. */
export const lambda = (body: string): string => `lambda count: ${body}`;

export const constantAt = (value: number): string => call('constant_schedule', { value: pythonFloat(value) });

/** One schedule after the other. */
export const joined = (schedules: readonly string[], boundaries: readonly number[]): string =>
  call('join_schedules', { schedules: pythonList(schedules), boundaries: pythonList(boundaries.map(pythonNumber)) });

/** The dict of steps and scales that optax calls boundaries_and_scales. */
export const scalesAt = (steps: readonly number[], scales: readonly number[]): string =>
  `{${steps.map((step, i) => `${pythonNumber(step)}: ${pythonFloat(scales[i]!)}`).join(', ')}}`;

/** A transition from one value to another, a straight line where the power is 1. */
export function transition(init: number, end: number, steps: number, power = 1, begin = 0): string {
  return call(power === 1 ? 'linear_schedule' : 'polynomial_schedule', {
    init_value: pythonFloat(init),
    end_value: pythonFloat(end),
    power: power === 1 ? undefined : pythonFloat(power),
    transition_steps: pythonNumber(steps),
    transition_begin: begin === 0 ? undefined : pythonNumber(begin),
  });
}

/** What exponential_decay takes beside its first value, its rate and its length. */
export interface ExponentialExtras {
  readonly staircase?: boolean;
  readonly begin?: number;
  readonly end?: number | undefined;
}

export function exponential(
  init: number,
  rate: number,
  steps: number,
  { staircase = false, begin = 0, end }: ExponentialExtras = {},
): string {
  return call('exponential_decay', {
    init_value: pythonFloat(init),
    transition_steps: pythonNumber(steps),
    decay_rate: pythonFloat(rate),
    transition_begin: begin === 0 ? undefined : pythonNumber(begin),
    staircase: staircase ? 'True' : undefined,
    end_value: end === undefined ? undefined : pythonFloat(end),
  });
}
