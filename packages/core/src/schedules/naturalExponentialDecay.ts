import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { factor } from '../kinds/factor.ts';
import { rate } from '../kinds/rate.ts';

export interface NaturalExponentialDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Decay rate k per step, >= 0: after 1/k steps the value has fallen to initValue/e. */
  readonly decayRate: number;
}

/**
 * Exponential decay written with its rate: `lr·e^{−kt}`.
 *
 * @formula v(t) = initValue · e^(−decayRate·t)
 * @start initValue
 * @end none: it keeps decaying towards 0
 * @source Senior, Heigold, Ranzato, Yang 2013, "An empirical study of learning rates in deep neural networks for
 *   speech recognition", ICASSP (exponential scheduling, there to the base 10)
 * @equivalents Paddle NaturalExpDecay(learning_rate=initValue, gamma=decayRate)
 * @example
 * naturalExponentialDecay({ initValue: 0.1, decayRate: 0.01 })(0) // 0.1
 */
export const naturalExponentialDecay: ScheduleDefinition<'naturalExponentialDecay', NaturalExponentialDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'naturalExponentialDecay',
    { initValue: rate, decayRate: factor },
    ({ initValue, decayRate }) =>
      (step) => {
        const fallen = decayRate * step;
        // e^−746 is 0 in doubles, and slow to find out.
        return fallen < 746 ? initValue * Math.exp(-fallen) : 0;
      },
  );
