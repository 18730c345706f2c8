import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { offsetSteps } from '../kinds/offsetSteps.ts';
import type { Outline } from '../look/outline.ts';
import { bounded } from '../numerics/bounded.ts';
import type { Child } from '../schedule.ts';

export interface ShiftOptions {
  /** What is moved. */
  readonly schedule: Child;
  /** How many steps later the schedule runs; negative: earlier, its beginning is left out. */
  readonly shiftSteps: number;
}

/**
 * A schedule moved in time; moved later, its first value is held until it begins.
 *
 * @formula v(t) = schedule(max(0, t − shiftSteps))
 * @start schedule(0), moved earlier schedule(−shiftSteps)
 * @end the schedule's
 * @equivalents transition_begin of optax; ParameterSchedulers.jl Shifted
 * @example
 * shift({ schedule: linear({ initValue: 1, decaySteps: 10 }), shiftSteps: 5 })(10) // 0.5
 */
export const shift: ScheduleDefinition<'shift', ShiftOptions> = /* @__PURE__ */ defineSchedule(
  'shift',
  { schedule: child, shiftSteps: offsetSteps },
  ({ schedule, shiftSteps }) =>
    (step) =>
      schedule(bounded(Math.max(0, step - shiftSteps))),
);

export const outline: Outline<ShiftOptions> = ({ shiftSteps }) =>
  shiftSteps > 0
    ? [
        { from: 0, name: 'wait' },
        { from: shiftSteps, inside: 'schedule' },
      ]
    : [{ from: 0, inside: 'schedule', enters: -shiftSteps }];
