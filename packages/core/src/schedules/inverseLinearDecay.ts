import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { steps } from '../kinds/steps.ts';

export interface InverseLinearDecayOptions {
  /** Value at step 0, > 0. */
  readonly initValue: number;
  /** Value from step `decaySteps` on, > 0. */
  readonly endValue: number;
  /** Steps from the first value to the last, > 0. */
  readonly decaySteps: number;
}

/**
 * Inverse-linear decay: 1/t decay that arrives at a given value, since 1/value goes in a straight line.
 *
 * @formula v(t) = 1 / ((1−x)/initValue + x/endValue), x = t/decaySteps; endValue for t >= decaySteps
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held
 * @equivalents levanter's `inv`
 * @example
 * inverseLinearDecay({ initValue: 0.3, endValue: 0.1, decaySteps: 100 })(50) // 0.15
 */
export const inverseLinearDecay: ScheduleDefinition<'inverseLinearDecay', InverseLinearDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'inverseLinearDecay',
    { initValue: positiveFactor, endValue: positiveFactor, decaySteps: steps },
    ({ initValue, endValue, decaySteps }) =>
      (step) => {
        const x = step / decaySteps;
        return x <= 0 ? initValue : x < 1 ? initValue / (1 + (initValue / endValue - 1) * x) : endValue;
      },
  );
