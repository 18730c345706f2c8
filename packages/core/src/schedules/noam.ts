import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { factor } from '../kinds/factor.ts';
import { steps } from '../kinds/steps.ts';
import { bounded } from '../numerics/bounded.ts';

export interface NoamOptions {
  /** Width of the model, the paper's d_model, > 0. */
  readonly modelSize: number;
  /** Steps of the rise, > 0; 4000 in the paper. */
  readonly warmupSteps: number;
  /** What all is multiplied by; default 1. */
  readonly scaleFactor?: number;
}

/**
 * The schedule of the first transformer: a linear rise, then decay with the inverse square root, both fixed by the
 * model's width. The paper counts steps from 1, so the first update is not wasted at 0.
 *
 * @formula v(t) = scaleFactor·modelSize^−½·min(n^−½, n·warmupSteps^−1.5), n = t + 1
 * @start scaleFactor·modelSize^−½·warmupSteps^−1.5
 * @end none: the peak is at t = warmupSteps − 1, then it decays towards 0
 * @source Vaswani et al. 2017, "Attention Is All You Need", arXiv 1706.03762, eq. 3
 * @equivalents Paddle NoamDecay, whose first update sees 0: `sequence({ schedules: [0, noam(...)], boundaries: [1] })`
 * @example
 * noam({ modelSize: 64, warmupSteps: 16 })(63) // 0.015625
 */
export const noam: ScheduleDefinition<'noam', NoamOptions> = /* @__PURE__ */ defineSchedule(
  'noam',
  { modelSize: positiveFactor, warmupSteps: steps, scaleFactor: [factor, 1] },
  ({ modelSize, warmupSteps, scaleFactor }) => {
    const scale = bounded(scaleFactor * modelSize ** -0.5);
    const slope = warmupSteps ** -1.5;
    return (step) => bounded(scale * Math.min((step + 1) ** -0.5, (step + 1) * slope));
  },
);
