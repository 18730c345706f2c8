import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { rate } from '../kinds/rate.ts';
import { real } from '../kinds/real.ts';
import { steps } from '../kinds/steps.ts';
import { between } from '../curves/shape.ts';

export interface TanhDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Value from step `decaySteps` on; default 0. */
  readonly endValue?: number;
  /** Steps from the first value to the last, > 0. */
  readonly decaySteps: number;
  /** Where on the hyperbolic tangent the curve begins: the paper's L, default −7. */
  readonly lower?: number;
  /** Where it ends: the paper's U, above `lower`; default 3. */
  readonly upper?: number;
  /**
   * exact: the piece of the curve is scaled to start at initValue and end at endValue; raw: as in the paper, so that it
   * starts a little lower and jumps at the end. Default exact.
   */
  readonly ends?: 'exact' | 'raw';
}

/**
 * Hyperbolic-tangent decay: high for long, a fall in the middle, low at the end.
 *
 * @formula v(t) = endValue + (initValue−endValue)·f(x), x = t/decaySteps, g(x) = ½(1−tanh(lower·(1−x) + upper·x));
 *   raw f = g, exact f = (g(x)−g(1))/(g(0)−g(1)); endValue for t >= decaySteps
 * @start initValue; raw: with the usual bounds 1e-6 of the way below it
 * @end endValue, at t = decaySteps, and held; raw: a jump of 0.25 % with the usual bounds
 * @source Hsueh et al. 2019, "Stochastic Gradient Descent with Hyperbolic-Tangent Decay on Classification",
 *   arXiv 1806.01593
 * @equivalents timm TanhLRScheduler(lb=lower, ub=upper) with ends "raw"
 * @example
 * tanhDecay({ initValue: 0.1, decaySteps: 100, lower: -5, upper: 5 })(50) // 0.05
 */
export const tanhDecay: ScheduleDefinition<'tanhDecay', TanhDecayOptions> = /* @__PURE__ */ defineSchedule(
  'tanhDecay',
  {
    initValue: rate,
    endValue: [rate, 0],
    decaySteps: steps,
    lower: [real, -7],
    upper: [real, 3],
    ends: [/* @__PURE__ */ choice('exact', 'raw'), 'exact'],
  },
  ({ initValue, endValue, decaySteps, lower, upper, ends }) => {
    const raw = (x: number): number => (1 - Math.tanh(lower * (1 - x) + upper * x)) / 2;
    const [first, last] = ends === 'raw' ? [1, 0] : [raw(0), raw(1)];
    return (step) =>
      step < decaySteps ? between(endValue, initValue, (raw(step / decaySteps) - last) / (first - last)) : endValue;
  },
  // Beyond about ±10 the tangent is ±1 and nothing is left to scale.
  ({ lower, upper }) =>
    Math.tanh(upper) - Math.tanh(lower) > 1e-9 ? undefined : ['upper', 'above lower, where tanh still rises'],
);
