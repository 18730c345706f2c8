import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';

export interface CosineDecayOptions {
  /** Value at step 0: the formula's lrmax. */
  readonly initValue: number;
  /** Value from step `decaySteps` on: the formula's lrmin; default 0. */
  readonly endValue?: number;
  /** Steps of the half wave: the formula's Tmax, > 0. */
  readonly decaySteps: number;
}

/**
 * Cosine annealing: half a cosine wave from one value to another, then the second value held.
 *
 * @formula v(t) = endValue + ½(initValue−endValue)(1+cos(π·t/decaySteps)) for t < decaySteps, endValue after
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held
 * @source Loshchilov, Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv 1608.03983, eq. 5
 * @equivalents torch CosineAnnealingLR(T_max=decaySteps, eta_min=endValue) up to T_max; optax.cosine_decay_schedule
 * @example
 * cosineDecay({ initValue: 0.1, decaySteps: 100 })(50) // 0.05
 */
export const cosineDecay: ScheduleDefinition<'cosineDecay', CosineDecayOptions> = /* @__PURE__ */ defineSchedule(
  'cosineDecay',
  { initValue: rate, endValue: [rate, 0], decaySteps: steps },
  ({ initValue, endValue, decaySteps }) =>
    (step) =>
      step <= 0
        ? initValue
        : step < decaySteps
          ? endValue + ((initValue - endValue) * (1 + Math.cos((Math.PI * step) / decaySteps))) / 2
          : endValue,
);
