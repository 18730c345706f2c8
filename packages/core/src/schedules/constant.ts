import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { rate } from '../kinds/rate.ts';

export interface ConstantOptions {
  /** The value, at every step. */
  readonly value: number;
}

/**
 * The same value at every step.
 *
 * @formula v(t) = value
 * @start value
 * @end value
 * @equivalents optax.constant_schedule(value)
 * @example
 * constant({ value: 0.1 })(1000) // 0.1
 */
export const constant: ScheduleDefinition<'constant', ConstantOptions> = /* @__PURE__ */ defineSchedule(
  'constant',
  { value: rate },
  ({ value }) =>
    () =>
      value,
);
