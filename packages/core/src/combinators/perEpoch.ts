import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { childIn } from '../kinds/childIn.ts';
import { steps } from '../kinds/steps.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface PerEpochOptions {
  /** A schedule whose steps are epochs: its durations are numbers of epochs, `"10%"` a tenth of all. */
  readonly schedule: Child;
  /** Updates in an epoch, > 0; or `"1ep"`. */
  readonly stepsPerEpoch: number;
}

/**
 * A schedule that counts epochs and keeps its value through each of them.
 *
 * @formula v(t) = schedule(⌊t/stepsPerEpoch⌋)
 * @start schedule(0)
 * @end the schedule's, stepsPerEpoch times as late
 * @equivalents Keras LearningRateScheduler; torch schedulers stepped once an epoch
 * @example
 * perEpoch({ schedule: linear({ initValue: 1, decaySteps: 10 }), stepsPerEpoch: 100 })(599) // 0.5
 */
export const perEpoch: ScheduleDefinition<'perEpoch', PerEpochOptions> = /* @__PURE__ */ defineSchedule(
  'perEpoch',
  { schedule: /* @__PURE__ */ childIn('stepsPerEpoch'), stepsPerEpoch: steps },
  ({ schedule, stepsPerEpoch }) =>
    (step) =>
      schedule(Math.min(Math.floor(step / stepsPerEpoch), Number.MAX_VALUE)),
);

export const outline: Outline<PerEpochOptions> = ({ stepsPerEpoch }) => [
  { from: 0, inside: 'schedule', stairs: true, unit: stepsPerEpoch },
];
