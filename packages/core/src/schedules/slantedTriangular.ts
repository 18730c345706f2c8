import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { fraction } from '../kinds/fraction.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { between } from '../curves/shape.ts';

export interface SlantedTriangularOptions {
  /** The highest value. */
  readonly peakValue: number;
  /** Steps in all, > 0. */
  readonly totalSteps: number;
  /** The share of them that the rise takes, the paper's cut_frac; default 0.1. */
  readonly peakFraction?: number;
  /** What the rise starts from and the fall ends at, as a share of the peak: 1 over the paper's ratio; default 1/32. */
  readonly endFactor?: number;
}

/**
 * Slanted triangular: a short linear rise, a long linear fall, for fine-tuning. The paper rounds the step of the peak
 * down; here it is a real number.
 *
 * @formula v(t) = peakValue·(endFactor + (1−endFactor)·p); p = t/cut for t < cut = peakFraction·totalSteps, then
 *   1−(t−cut)/(totalSteps−cut)
 * @start endFactor·peakValue
 * @end endFactor·peakValue, exactly at t = totalSteps, and held
 * @source Howard, Ruder 2018, "Universal Language Model Fine-tuning for Text Classification", arXiv 1801.06146, eq. 3
 * @example
 * slantedTriangular({ peakValue: 0.32, totalSteps: 100 })(10) // 0.32
 */
export const slantedTriangular: ScheduleDefinition<'slantedTriangular', SlantedTriangularOptions> =
  /* @__PURE__ */ defineSchedule(
    'slantedTriangular',
    { peakValue: rate, totalSteps: steps, peakFraction: [fraction, 0.1], endFactor: [fraction, 1 / 32] },
    ({ peakValue, totalSteps, peakFraction, endFactor }) => {
      const cut = peakFraction * totalSteps;
      return (step) => {
        if (step >= totalSteps) return peakValue * endFactor;
        const p = step < cut ? step / cut : (totalSteps - step) / (totalSteps - cut);
        return peakValue * between(endFactor, 1, p);
      };
    },
  );
