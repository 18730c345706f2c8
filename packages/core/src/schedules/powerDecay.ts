import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';

export interface PowerDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Timescale τ in steps, > 0. */
  readonly timescaleSteps: number;
  /** The exponent, > 0: 0.51 in the paper, 0.5 is `inverseSqrtDecay`, 1 is `inverseTimeDecay`. */
  readonly power: number;
}

/**
 * Power law: the value falls as a power of time, whatever the length of the run.
 *
 * The power scheduler min(η, B·a·n^−power), n = B·L·t tokens after t steps of B sequences of L tokens, holds η for
 * τ = (η/(B·a))^(−1/power)/(B·L) steps: `sequence({ schedules: [η, powerDecay({ initValue: η, timescaleSteps: τ, power })],
 * boundaries: [τ] })`.
 *
 * @formula v(t) = initValue·((t+τ)/τ)^−power, τ = timescaleSteps
 * @start initValue
 * @end none: it keeps decaying towards 0
 * @source Shen et al. 2024, "Power Scheduler: A Batch Size and Token Number Agnostic Learning Rate Scheduler", arXiv 2408.13359
 * @equivalents OLMo-core's power schedule inside `warmup`, τ = its warm-up
 * @example
 * powerDecay({ initValue: 0.2, timescaleSteps: 10, power: 0.5 })(30) // 0.1
 */
export const powerDecay: ScheduleDefinition<'powerDecay', PowerDecayOptions> = /* @__PURE__ */ defineSchedule(
  'powerDecay',
  { initValue: rate, timescaleSteps: steps, power: positiveFactor },
  ({ initValue, timescaleSteps, power }) =>
    (step) =>
      initValue * ((step + timescaleSteps) / timescaleSteps) ** -power,
);
