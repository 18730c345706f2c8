import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { steps } from '../kinds/steps.ts';
import { annealed } from '../curves/annealShape.ts';

export interface SweepOptions {
  /** Value at step 0, > 0; default 1e-7. */
  readonly initValue?: number;
  /** Value from step `sweepSteps` on, > 0; default 10. */
  readonly endValue?: number;
  /** Steps from the first value to the last, > 0: one less than there are updates. */
  readonly sweepSteps: number;
  /** exponential: every step multiplies by the same; linear: it adds the same. Default exponential. */
  readonly shape?: 'exponential' | 'linear';
}

/**
 * The sweep of a range test: from a rate that does nothing to one that diverges.
 *
 * @formula v(t) = initValue·(endValue/initValue)^x, x = min(1, t/sweepSteps); linear initValue·(1−x) + endValue·x
 * @start initValue
 * @end endValue, exactly at t = sweepSteps, and held
 * @source Smith 2017, "Cyclical Learning Rates for Training Neural Networks", arXiv 1506.01186, section 3.3
 * @equivalents fastai lr_find (100 updates), Lightning's lr_find, torch-lr-finder; DeepSpeed LRRangeTest (linear)
 * @example
 * sweep({ initValue: 0.01, endValue: 1, sweepSteps: 10 })(5) // 0.1
 */
export const sweep: ScheduleDefinition<'sweep', SweepOptions> = /* @__PURE__ */ defineSchedule(
  'sweep',
  {
    initValue: [positiveFactor, 1e-7],
    endValue: [positiveFactor, 10],
    sweepSteps: steps,
    shape: [/* @__PURE__ */ choice('exponential', 'linear'), 'exponential'],
  },
  ({ initValue, endValue, sweepSteps, shape }) =>
    (step) =>
      annealed(shape, initValue, endValue, step / sweepSteps),
);
