import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { between } from '../curves/shape.ts';

export interface LinearOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Value from step `decaySteps` on; default 0. */
  readonly endValue?: number;
  /** Steps from the first value to the last, > 0. */
  readonly decaySteps: number;
}

/**
 * A straight line from one value to another, then the second value held.
 *
 * @formula v(t) = initValue·(1−x) + endValue·x, x = min(1, t/decaySteps)
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held
 * @source Li, Yumer, Ramanan 2020, "Budgeted Training", arXiv 1905.04753, section 3 (linear decay to 0)
 * @equivalents optax.linear_schedule(initValue, endValue, decaySteps)
 * @example
 * linear({ initValue: 0.2, decaySteps: 100 })(50) // 0.1
 */
export const linear: ScheduleDefinition<'linear', LinearOptions> = /* @__PURE__ */ defineSchedule(
  'linear',
  { initValue: rate, endValue: [rate, 0], decaySteps: steps },
  ({ initValue, endValue, decaySteps }) =>
    (step) =>
      step < decaySteps ? between(initValue, endValue, step / decaySteps) : endValue,
);
