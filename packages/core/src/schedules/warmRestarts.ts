import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { growth } from '../kinds/growth.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import type { Child, Schedule } from '../schedule.ts';
import { bounded, geometric } from '../numerics/bounded.ts';
import { cycles } from '../numerics/cycles.ts';
import { between } from '../curves/shape.ts';

export interface WarmRestartsOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** The value that each cycle falls to; default 0. */
  readonly endValue?: number;
  /** Steps of the first cycle, >= 1. */
  readonly cycleSteps: number;
  /** What each cycle multiplies the length of the one before by, in [1, 1000]; default 1. */
  readonly cycleFactor?: number;
  /** What each restart multiplies the height of a cycle by, >= 0; default 1. */
  readonly decayFactor?: number;
  /**
   * What that height is: the amplitude above `endValue` (Keras), the peak with `endValue` fixed (timm), or all, so that
   * `endValue` shrinks too (fairseq). Default amplitude.
   */
  readonly decays?: 'amplitude' | 'peak' | 'all';
  /** How many cycles there are; after them the end value of the last is held. Default no limit. */
  readonly cycleLimit?: number;
  /** The curve of a cycle: a schedule from 1 to 0 in `cycleSteps`, read as 1 above 1; default half a cosine wave. */
  readonly schedule?: Child;
}

const halfWave = ({ cycleSteps }: Resolved<WarmRestartsOptions>): Schedule => {
  // A product past the largest double is brought back: at such lengths no step is told from the next anyway.
  return (step) => (1 + Math.cos(bounded(Math.PI * step) / cycleSteps)) / 2;
};

/**
 * Cosine annealing with warm restarts: the rate falls along a curve and is set up again, cycle after cycle.
 *
 * @formula v(t) = b_i + (a_i−b_i)·schedule(τ·cycleSteps/L_i) in cycle i of L_i = cycleSteps·cycleFactor^i steps, τ steps
 *   after its begin; schedule(s) = ½(1+cos(π·s/cycleSteps)); with d = decayFactor^i: amplitude a_i = b+(a−b)·d, b_i = b;
 *   peak a_i = a·d, b_i = b; all a_i = a·d, b_i = b·d (a = initValue, b = endValue)
 * @start initValue
 * @end none: it restarts for ever; with cycleLimit the end value of the last cycle, held
 * @source Loshchilov, Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv 1608.03983, eq. 5
 * @equivalents torch CosineAnnealingWarmRestarts(T_0, T_mult, eta_min); Keras CosineDecayRestarts (amplitude); timm
 *   cycle_mul, cycle_decay, cycle_limit (peak); fairseq cosine (all)
 * @example
 * warmRestarts({ initValue: 0.1, cycleSteps: 10, cycleFactor: 3 })(40) // 0.1
 */
export const warmRestarts: ScheduleDefinition<'warmRestarts', WarmRestartsOptions> = /* @__PURE__ */ defineSchedule(
  'warmRestarts',
  {
    initValue: rate,
    endValue: [rate, 0],
    cycleSteps: steps,
    cycleFactor: [growth, 1],
    decayFactor: [factor, 1],
    decays: [/* @__PURE__ */ choice('amplitude', 'peak', 'all'), 'amplitude'],
    cycleLimit: [count, Number.MAX_SAFE_INTEGER],
    schedule: [child, halfWave],
  },
  ({ initValue, endValue, cycleSteps, cycleFactor, decayFactor, decays, cycleLimit, schedule }) => {
    const { index, start, stretch } = cycles(cycleSteps, cycleFactor);
    const curve = (step: number, i: number): number =>
      Math.min(1, schedule(Math.min(cycleSteps, (step - start(i)) / stretch(i))));
    if (decayFactor === 1)
      return (step) => {
        const i = index(step);
        return i < cycleLimit ? between(endValue, initValue, curve(step, i)) : endValue;
      };
    return (step) => {
      const i = index(step);
      const ended = i >= cycleLimit;
      const last = ended ? Math.max(0, cycleLimit - 1) : i;
      const low = decays === 'all' ? geometric(endValue, decayFactor, last) : endValue;
      if (ended) return low;
      const high =
        i === 0
          ? initValue
          : decays === 'amplitude'
            ? bounded(endValue + geometric(initValue - endValue, decayFactor, i))
            : geometric(initValue, decayFactor, i);
      return between(low, high, curve(step, i));
    };
  },
  ({ initValue, endValue, cycleSteps, decayFactor, decays }) => {
    if (cycleSteps < 1) return ['cycleSteps', 'a number >= 1'];
    return decays === 'amplitude' && decayFactor > 1 && initValue < endValue
      ? ['decayFactor', 'at most 1 where the cycles rise: their amplitude would fall below 0']
      : undefined;
  },
);
