import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { factor } from '../kinds/factor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { geometric } from '../numerics/bounded.ts';

export interface ExponentialDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** What `decaySteps` steps multiply the value by, >= 0; above 1 the value grows. */
  readonly gamma: number;
  /** Steps in which the value is multiplied by `gamma` once; default 1. */
  readonly decaySteps?: number;
}

/**
 * Exponential decay: every step multiplies the value by the same factor.
 *
 * @formula v(t) = initValue · gamma^(t/decaySteps)
 * @start initValue
 * @end none: it keeps decaying towards 0, or growing up to the largest double
 * @source Senior, Heigold, Ranzato, Yang 2013, "An empirical study of learning rates in deep neural networks for
 *   speech recognition", ICASSP (exponential scheduling)
 * @equivalents torch ExponentialLR(gamma); Keras ExponentialDecay(initValue, decaySteps, gamma), with
 *   staircase=True `stepDecay`; optax.exponential_decay, its end_value by `clamp`, its transition_begin by `shift`
 * @example
 * exponentialDecay({ initValue: 0.1, gamma: 0.5, decaySteps: 100 })(200) // 0.025
 */
export const exponentialDecay: ScheduleDefinition<'exponentialDecay', ExponentialDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'exponentialDecay',
    { initValue: rate, gamma: factor, decaySteps: [steps, 1] },
    ({ initValue, gamma, decaySteps }) =>
      (step) =>
        geometric(initValue, gamma, step / decaySteps),
  );
