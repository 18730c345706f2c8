import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { positiveFraction } from '../kinds/positiveFraction.ts';
import { fraction } from '../kinds/fraction.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { between } from '../curves/shape.ts';

export interface TriStageOptions {
  /** The value that is held in the middle. */
  readonly peakValue: number;
  /** Steps of the linear rise. */
  readonly warmupSteps: number;
  /** Steps for which the peak is held. */
  readonly holdSteps: number;
  /** Steps of the exponential fall, > 0. */
  readonly decaySteps: number;
  /** What the rise starts from, as a share of the peak; default 0.01. */
  readonly startFactor?: number;
  /** What the fall ends at, as a share of the peak, > 0; default 0.01. */
  readonly endFactor?: number;
}

/**
 * Three stages: a linear rise, a plateau, an exponential fall; from speech recognition.
 *
 * @formula v(t) = peak·(startFactor·(1−x) + x), x = t/warmupSteps, then peak, then peak·endFactor^x, x the share of
 *   decaySteps that is over, then held
 * @start startFactor·peakValue, without warm-up peakValue
 * @end endFactor·peakValue, exactly at t = warmupSteps + holdSteps + decaySteps, and held
 * @source Park et al. 2019, "SpecAugment", arXiv 1904.08779, section 3.2
 * @equivalents fairseq tri_stage (init_lr_scale=startFactor, final_lr_scale=endFactor)
 * @example
 * triStage({ peakValue: 0.1, warmupSteps: 10, holdSteps: 20, decaySteps: 40 })(50) // 0.01
 */
export const triStage: ScheduleDefinition<'triStage', TriStageOptions> = /* @__PURE__ */ defineSchedule(
  'triStage',
  {
    peakValue: rate,
    warmupSteps: stepsOrZero,
    holdSteps: stepsOrZero,
    decaySteps: steps,
    startFactor: [fraction, 0.01],
    endFactor: [positiveFraction, 0.01],
  },
  ({ peakValue, warmupSteps, holdSteps, decaySteps, startFactor, endFactor }) =>
    (step) => {
      if (step < warmupSteps) return peakValue * between(startFactor, 1, step / warmupSteps);
      const x = (step - warmupSteps - holdSteps) / decaySteps;
      if (x <= 0) return peakValue;
      return peakValue * (x < 1 ? endFactor ** x : endFactor);
    },
);
