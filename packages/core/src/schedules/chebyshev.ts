import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { integer } from '../kinds/integer.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { bounded } from '../numerics/bounded.ts';

export interface ChebyshevOptions {
  /** The largest step that the formula allows, 1/m: m the least curvature. */
  readonly peakValue: number;
  /** The smallest, 1/M: M the greatest curvature; below `peakValue`. */
  readonly endValue: number;
  /** Steps in one round, a power of 2; then the round begins again. */
  readonly cycleSteps: number;
}

/**
 * Fractal Chebyshev steps: the rates that make gradient descent fastest on a quadratic, in the order that keeps it stable.
 *
 * @formula v(t) = 2 / (M + m − (M−m)·cos((σ(k)+½)π/n)), k = ⌊t⌋ mod n, n = cycleSteps, M = 1/endValue, m = 1/peakValue;
 *   σ the fractal order: σ of length 1 is (0), of length 2n it is σ(j), 2n−1−σ(j) in turn
 * @start 2 / (M + m − (M−m)·cos(π/2n)), just below peakValue: one large step
 * @end none: the round repeats
 * @source Agarwal, Goel, Zhang 2021, "Acceleration via Fractal Learning Rate Schedules", arXiv 2103.01338
 * @equivalents pytorch_optimizer get_chebyshev_schedule, without the two steps that it puts around
 * @example
 * chebyshev({ peakValue: 1, endValue: 0.2, cycleSteps: 1 })(0) // 0.3333333333333333
 */
export const chebyshev: ScheduleDefinition<'chebyshev', ChebyshevOptions> = /* @__PURE__ */ defineSchedule(
  'chebyshev',
  { peakValue: positiveFactor, endValue: positiveFactor, cycleSteps: integer },
  ({ peakValue, endValue, cycleSteps }) => {
    const least = bounded(1 / peakValue);
    const greatest = bounded(1 / endValue);
    return (step) => {
      const node = fractal(Math.floor(step) % cycleSteps, cycleSteps);
      return bounded(2 / (greatest + least - (greatest - least) * Math.cos(((node + 0.5) * Math.PI) / cycleSteps)));
    };
  },
  ({ peakValue, endValue, cycleSteps }) => {
    if (endValue > peakValue) return ['endValue', 'at most peakValue'];
    return Number.isInteger(Math.log2(cycleSteps)) && cycleSteps <= 2 ** 30
      ? undefined
      : ['cycleSteps', 'a power of 2, up to 2^30'];
  },
);

/** σ(k) in an order of n = 2^b: the bits of k from the highest down, each set one mirroring what stands so far. */
function fractal(k: number, n: number): number {
  let node = 0;
  for (let length = 2, bit = n / 2; length <= n; length *= 2, bit /= 2) if ((k & bit) !== 0) node = length - 1 - node;
  return node;
}
