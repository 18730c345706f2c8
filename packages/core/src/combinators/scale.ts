import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { factor } from '../kinds/factor.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

export interface ScaleOptions {
  /** What is made higher or lower. */
  readonly schedule: Child;
  /** What every value is multiplied by, >= 0. */
  readonly factor: number;
}

/**
 * A schedule, higher or lower by a factor.
 *
 * @formula v(t) = factor · schedule(t)
 * @start factor · schedule(0)
 * @end the schedule's, times factor
 * @example
 * scale({ schedule: linear({ initValue: 0.5, decaySteps: 10 }), factor: 2 })(5) // 0.5
 */
export const scale: ScheduleDefinition<'scale', ScaleOptions> = /* @__PURE__ */ defineSchedule(
  'scale',
  { schedule: child, factor },
  ({ schedule, factor }) =>
    (step) =>
      bounded(factor * schedule(step)),
);

export const outline: Outline<ScaleOptions> = () => [{ from: 0, inside: 'schedule' }];
