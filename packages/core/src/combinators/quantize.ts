import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { steps } from '../kinds/steps.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface QuantizeOptions {
  /** What the staircase is made of. */
  readonly schedule: Child;
  /** Steps for which a value is kept, > 0. */
  readonly everySteps: number;
}

/**
 * A staircase made of any schedule: its value changes only every so many steps.
 *
 * @formula v(t) = schedule(everySteps·⌊t/everySteps⌋)
 * @start schedule(0)
 * @end the schedule's, from the first multiple of everySteps after it
 * @equivalents staircase=True of Keras and optax, with everySteps = their decay_steps
 * @example
 * quantize({ schedule: linear({ initValue: 1, decaySteps: 8 }), everySteps: 4 })(7) // 0.5
 */
export const quantize: ScheduleDefinition<'quantize', QuantizeOptions> = /* @__PURE__ */ defineSchedule(
  'quantize',
  { schedule: child, everySteps: steps },
  ({ schedule, everySteps }) =>
    (step) =>
      schedule(Math.min(step, everySteps * Math.floor(step / everySteps))),
);

export const outline: Outline<QuantizeOptions> = () => [{ from: 0, inside: 'schedule', stairs: true }];
