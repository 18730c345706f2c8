import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface HoldOptions {
  /** What runs until then. */
  readonly schedule: Child;
  /** The step whose value is kept from then on. */
  readonly fromSteps: number;
}

/**
 * A schedule that stops: from some step on its value there is kept.
 *
 * @formula v(t) = schedule(min(t, fromSteps))
 * @start schedule(0)
 * @end schedule(fromSteps), exactly at t = fromSteps, and held
 * @equivalents ParameterSchedulers.jl Shortened
 * @example
 * hold({ schedule: linear({ initValue: 1, decaySteps: 10 }), fromSteps: 5 })(9) // 0.5
 */
export const hold: ScheduleDefinition<'hold', HoldOptions> = /* @__PURE__ */ defineSchedule(
  'hold',
  { schedule: child, fromSteps: stepsOrZero },
  ({ schedule, fromSteps }) =>
    (step) =>
      schedule(Math.min(step, fromSteps)),
);

export const outline: Outline<HoldOptions> = ({ fromSteps }) => [
  { from: 0, inside: 'schedule' },
  { from: fromSteps, name: 'hold' },
];
