import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { childIn } from '../kinds/childIn.ts';
import { steps } from '../kinds/steps.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface InEpochsOptions {
  /** A schedule whose steps are epochs: its durations are numbers of epochs, `"10%"` a tenth of all. */
  readonly schedule: Child;
  /** Updates in an epoch, > 0; or `"1ep"`. */
  readonly stepsPerEpoch: number;
}

/**
 * A schedule that counts epochs and moves on within each of them.
 *
 * @formula v(t) = schedule(t/stepsPerEpoch)
 * @start schedule(0)
 * @end the schedule's, stepsPerEpoch times as late
 * @equivalents torch CosineAnnealingWarmRestarts.step(epoch + i / iters)
 * @example
 * inEpochs({ schedule: linear({ initValue: 1, decaySteps: 10 }), stepsPerEpoch: 100 })(750) // 0.25
 */
export const inEpochs: ScheduleDefinition<'inEpochs', InEpochsOptions> = /* @__PURE__ */ defineSchedule(
  'inEpochs',
  { schedule: /* @__PURE__ */ childIn('stepsPerEpoch'), stepsPerEpoch: steps },
  ({ schedule, stepsPerEpoch }) =>
    (step) =>
      schedule(Math.min(step / stepsPerEpoch, Number.MAX_VALUE)),
);

export const outline: Outline<InEpochsOptions> = ({ stepsPerEpoch }) => [
  { from: 0, inside: 'schedule', unit: stepsPerEpoch },
];
