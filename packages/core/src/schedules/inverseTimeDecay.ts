import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { factor } from '../kinds/factor.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';

export interface InverseTimeDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Decay rate k, >= 0: after decaySteps/k steps the value has halved (power 1). */
  readonly decayRate: number;
  /** Steps that count as one unit of time; default 1. */
  readonly decaySteps?: number;
  /** Exponent of the denominator, > 0; default 1. */
  readonly power?: number;
}

/**
 * Inverse time decay: slower and slower, as 1/t.
 *
 * @formula v(t) = initValue / (1 + decayRate·t/decaySteps)^power
 * @start initValue
 * @end none: it keeps decaying towards 0
 * @source Robbins, Monro 1951, "A Stochastic Approximation Method" (steps of order 1/t)
 * @equivalents Keras InverseTimeDecay(initValue, decaySteps, decayRate), staircase=True inside `quantize`; Paddle
 *   InverseTimeDecay; ParameterSchedulers.jl Inv
 * @example
 * inverseTimeDecay({ initValue: 0.1, decayRate: 0.5, decaySteps: 10 })(60) // 0.025
 */
export const inverseTimeDecay: ScheduleDefinition<'inverseTimeDecay', InverseTimeDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'inverseTimeDecay',
    { initValue: rate, decayRate: factor, decaySteps: [steps, 1], power: [positiveFactor, 1] },
    ({ initValue, decayRate, decaySteps, power }) =>
      (step) =>
        initValue / (1 + (decayRate * step) / decaySteps) ** power,
  );
