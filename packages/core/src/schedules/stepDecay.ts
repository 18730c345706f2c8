import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { factor } from '../kinds/factor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { geometric } from '../numerics/bounded.ts';

export interface StepDecayOptions {
  /** Value until the first drop. */
  readonly initValue: number;
  /** What each drop multiplies the value by; the formula's drop, default 0.1. */
  readonly dropFactor?: number;
  /** Steps between drops, > 0; the formula's E when the step is the epoch. */
  readonly dropSteps: number;
}

/**
 * A staircase: the value is multiplied by the same factor every so many steps.
 *
 * @formula v(t) = initValue · dropFactor^⌊t/dropSteps⌋
 * @start initValue
 * @end none: it keeps dropping; the k-th drop is in force from t = k·dropSteps on
 * @source Ge, Kakade, Kidambi, Netrapalli 2019, "The Step Decay Schedule", arXiv 1904.12838
 * @equivalents torch StepLR(step_size=dropSteps, gamma=dropFactor); Keras ExponentialDecay(staircase=True)
 * @example
 * stepDecay({ initValue: 0.1, dropFactor: 0.5, dropSteps: 10 })(25) // 0.025
 */
export const stepDecay: ScheduleDefinition<'stepDecay', StepDecayOptions> = /* @__PURE__ */ defineSchedule(
  'stepDecay',
  { initValue: rate, dropFactor: [factor, 0.1], dropSteps: steps },
  ({ initValue, dropFactor, dropSteps }) =>
    (step) =>
      geometric(initValue, dropFactor, Math.floor(step / dropSteps)),
);
