import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface StretchOptions {
  /** What is made slower or faster. */
  readonly schedule: Child;
  /** How many times as long all takes, > 0. */
  readonly factor: number;
}

/**
 * A schedule made slower, or faster with a factor below 1.
 *
 * @formula v(t) = schedule(t / factor)
 * @start schedule(0)
 * @end the schedule's, at `factor` times its length
 * @equivalents Composer's scale_schedule_ratio; ParameterSchedulers.jl Interpolator
 * @example
 * stretch({ schedule: linear({ initValue: 1, decaySteps: 10 }), factor: 2 })(10) // 0.5
 */
export const stretch: ScheduleDefinition<'stretch', StretchOptions> = /* @__PURE__ */ defineSchedule(
  'stretch',
  { schedule: child, factor: positiveFactor },
  ({ schedule, factor }) =>
    (step) =>
      schedule(Math.min(step / factor, Number.MAX_VALUE)),
);

export const outline: Outline<StretchOptions> = ({ factor }) => [{ from: 0, inside: 'schedule', unit: factor }];
