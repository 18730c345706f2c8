import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { annealed, annealShapes } from '../curves/annealShape.ts';
import { between } from '../curves/shape.ts';

export interface StableDecayOptions {
  /** The value that is held first. */
  readonly initValue: number;
  /** The value at the end; default 0. */
  readonly endValue?: number;
  /** Steps for which the first value is held; default 0. */
  readonly stableSteps?: number;
  /** Steps of the cool-down, > 0. */
  readonly decaySteps: number;
  /** The way down; default linear. exponential needs an end value > 0, saturating goes to any. */
  readonly shape?: 'linear' | 'cosine' | 'exponential' | 'oneMinusSqrt' | 'oneMinusSquare' | 'saturating';
  /** Of the shape saturating: what its exponential has fallen to at the end, > 0; default 0.5. */
  readonly saturation?: number;
}

/**
 * The stable and the decay phase of warm-up–stable–decay ("WSD", trapezoidal): hold, then cool down.
 *
 * Put `warmup` around it for the whole; `repeat` it to decay, resume at the stable rate and decay again (WSD-S). With
 * stableSteps 0 it is a plain ramp of any shape, upwards too.
 *
 * @formula v(t) = initValue for t <= S, then endValue + (initValue−endValue)·f(x), x = (t−S)/decaySteps, S = stableSteps;
 *   linear f = 1−x, cosine f = ½(1+cos πx), oneMinusSqrt f = 1−√x, oneMinusSquare f = 1−x², saturating f = (r^x−r)/(1−r)
 *   with r = saturation; exponential v = initValue·(endValue/initValue)^x
 * @start initValue
 * @end endValue, exactly at t = stableSteps + decaySteps, and held
 * @source Hu et al. 2024, "MiniCPM", arXiv 2404.06395, section 4.2; Hägele et al. 2024, "Scaling Laws and Compute-Optimal
 *   Training Beyond Fixed Training Durations", arXiv 2405.18392 (1−√x); Wen et al. 2024, arXiv 2410.05192 (WSD-S)
 * @equivalents transformers warmup_stable_decay; torchtitan; Megatron WSD (exponential: saturating); fastai fit_flat_cos
 *   (cosine)
 * @example
 * stableDecay({ initValue: 0.1, stableSteps: 80, decaySteps: 20 })(90) // 0.05
 */
export const stableDecay: ScheduleDefinition<'stableDecay', StableDecayOptions> = /* @__PURE__ */ defineSchedule(
  'stableDecay',
  {
    initValue: rate,
    endValue: [rate, 0],
    stableSteps: [stepsOrZero, 0],
    decaySteps: steps,
    shape: [/* @__PURE__ */ choice(...annealShapes, 'saturating'), 'linear'],
    saturation: [positiveFactor, 0.5],
  },
  ({ initValue, endValue, stableSteps, decaySteps, shape, saturation }) =>
    (step) => {
      if (step <= stableSteps) return initValue;
      const x = (step - stableSteps) / decaySteps;
      if (x >= 1) return endValue;
      if (shape !== 'saturating') return annealed(shape, initValue, endValue, x);
      return between(initValue, endValue, (1 - saturation ** x) / (1 - saturation));
    },
  ({ initValue, endValue, shape, saturation }) => {
    if (shape === 'exponential' && !(initValue > 0 && endValue > 0))
      return ['endValue', 'a number > 0, as initValue, for the exponential shape'];
    if (saturation !== 0.5 && shape !== 'saturating') return ['saturation', 'left out unless the shape is saturating'];
    return saturation < 1 ? undefined : ['saturation', 'a number in (0, 1)'];
  },
);
