import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { between } from '../curves/shape.ts';

export interface InverseSqrtDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** The value that it tends to; default 0. */
  readonly endValue?: number;
  /** Timescale τ in steps, > 0: after 3τ steps half of the way to `endValue` is gone. After a warm-up usually its length. */
  readonly timescaleSteps: number;
}

/**
 * Inverse square root decay: what is left falls as 1/√t.
 *
 * @formula v(t) = endValue + (initValue−endValue) / √((t+τ)/τ), τ = timescaleSteps
 * @start initValue
 * @end none: it keeps decaying towards endValue
 * @source Vaswani et al. 2017, "Attention Is All You Need", arXiv 1706.03762, eq. 3 (the part after the warm-up);
 *   Zhai et al. 2022, "Scaling Vision Transformers", arXiv 2106.04560, section 3.5
 * @equivalents transformers inverse_sqrt (timescale); fairseq inverse_sqrt inside `warmup`, τ = its warm-up
 * @example
 * inverseSqrtDecay({ initValue: 0.1, timescaleSteps: 1000 })(3000) // 0.05
 */
export const inverseSqrtDecay: ScheduleDefinition<'inverseSqrtDecay', InverseSqrtDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'inverseSqrtDecay',
    { initValue: rate, endValue: [rate, 0], timescaleSteps: steps },
    ({ initValue, endValue, timescaleSteps }) =>
      (step) =>
        between(endValue, initValue, 1 / Math.sqrt((step + timescaleSteps) / timescaleSteps)),
  );
