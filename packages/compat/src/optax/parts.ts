import {
  clamp,
  constant,
  exponentialDecay,
  interpolate,
  linear,
  polynomialDecay,
  shift,
  stepDecay,
  type DescribedSchedule,
} from '@anneal/core';
import { sorted, type Boundaries } from './kinds.ts';

/** The arguments of polynomial_schedule; linear_schedule is the one with power 1. */
export interface Polynomial {
  readonly init_value: number;
  readonly end_value: number;
  readonly power: number;
  readonly transition_steps: number;
  readonly transition_begin: number;
}

/** optax holds the first value where the transition has no length, and takes a negative begin for 0. */
export function polynomial(args: Polynomial): DescribedSchedule {
  const { init_value: initValue, end_value: endValue, power, transition_steps: decaySteps, transition_begin } = args;
  // 0 to the power of 0 is 1 there, too: the first value for ever.
  if (decaySteps <= 0 || power === 0) return constant({ value: initValue });
  const way =
    power === 1
      ? linear({ initValue, endValue, decaySteps })
      : polynomialDecay({ initValue, endValue, decaySteps, power });
  return delayed(transition_begin, way);
}

/** The arguments of exponential_decay. */
export interface Exponential {
  readonly init_value: number;
  readonly transition_steps: number;
  readonly decay_rate: number;
  readonly transition_begin: number;
  readonly staircase: boolean;
  readonly end_value: number | null;
}

/** optax holds the first value, unclipped, where the transition has no length or the rate is 0. */
export function exponential(args: Exponential): DescribedSchedule {
  const { init_value: initValue, transition_steps, decay_rate, transition_begin, staircase, end_value } = args;
  if (transition_steps <= 0 || decay_rate === 0) return constant({ value: initValue });
  const decay = staircase
    ? stepDecay({ initValue, dropFactor: decay_rate, dropSteps: transition_steps })
    : exponentialDecay({ initValue, gamma: decay_rate, decaySteps: transition_steps });
  const schedule = delayed(transition_begin, decay);
  if (end_value === null) return schedule;
  return clamp({ schedule, ...(decay_rate < 1 ? { minValue: end_value } : { maxValue: end_value }) });
}

/** The arguments of piecewise_interpolate_schedule: each scale multiplies the value reached before it. */
export function interpolated(shape: 'linear' | 'cosine', initValue: number, scales: Boundaries): DescribedSchedule {
  const pairs = sorted(scales);
  const values = [initValue];
  for (const [, scale] of pairs) values.push(values.at(-1)! * scale);
  return interpolate({ knots: [0, ...pairs.map(([step]) => step)], values, shape });
}

/** The first value is held until the transition begins. */
function delayed(begin: number, schedule: DescribedSchedule): DescribedSchedule {
  return begin > 0 ? shift({ schedule, shiftSteps: begin }) : schedule;
}
