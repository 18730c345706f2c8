import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { between } from '../curves/shape.ts';

export interface RexDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Value from step `decaySteps` on; default 0. */
  readonly endValue?: number;
  /** Steps from the first value to the last, > 0. */
  readonly decaySteps: number;
}

/**
 * Reflected exponential decay (REX): above the straight line all the way, steep at the end.
 *
 * @formula v(t) = endValue + (initValue−endValue)·(1−x)/(½+½(1−x)), x = t/decaySteps; endValue for t >= decaySteps
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held
 * @source Chen, Wolfe, Kyrillidis 2022, "REX: Revisiting Budgeted Training with an Improved Schedule", arXiv 2107.04197
 * @equivalents pytorch_optimizer REXScheduler
 * @example
 * rexDecay({ initValue: 0.3, decaySteps: 100 })(50) // 0.2
 */
export const rexDecay: ScheduleDefinition<'rexDecay', RexDecayOptions> = /* @__PURE__ */ defineSchedule(
  'rexDecay',
  { initValue: rate, endValue: [rate, 0], decaySteps: steps },
  ({ initValue, endValue, decaySteps }) =>
    (step) => {
      const left = Math.max(0, 1 - step / decaySteps);
      return between(endValue, initValue, left / (0.5 + left / 2));
    },
);
