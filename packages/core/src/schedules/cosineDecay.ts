import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { bounded } from '../numerics/bounded.ts';
import { remainder } from '../numerics/remainder.ts';

export interface CosineDecayOptions {
  /** Value at step 0: the formula's lrmax. */
  readonly initValue: number;
  /** Value from step `decaySteps` on: the formula's lrmin; default 0. */
  readonly endValue?: number;
  /** Steps of the half wave: the formula's Tmax, > 0. */
  readonly decaySteps: number;
  /** Exponent of the half wave, > 0: above 1 it falls sooner; default 1. */
  readonly power?: number;
  /** Exponent of time, > 0: above 1 it stays high for longer (k-decay); default 1. */
  readonly kDecay?: number;
  /** After `decaySteps`: hold the end value, or continue the wave, which rises again and falls, for ever; default hold. */
  readonly pastEnd?: 'hold' | 'continue';
}

/**
 * Cosine annealing: half a cosine wave from one value to another, then the second value held.
 *
 * @formula v(t) = endValue + (initValue−endValue)·(½(1+cos(π·(t/decaySteps)^kDecay)))^power for t < decaySteps, endValue after
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held; with pastEnd "continue" it rises again
 * @source Loshchilov, Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", arXiv 1608.03983, eq. 5;
 *   Zhang, Li 2020, "k-decay", arXiv 2004.05909 (kDecay)
 * @equivalents torch CosineAnnealingLR(T_max=decaySteps, eta_min=endValue), with pastEnd "continue" also past T_max;
 *   optax.cosine_decay_schedule (exponent=power); Keras CosineDecay; timm CosineLRScheduler(k_decay=kDecay)
 * @example
 * cosineDecay({ initValue: 0.1, decaySteps: 100 })(50) // 0.05
 */
export const cosineDecay: ScheduleDefinition<'cosineDecay', CosineDecayOptions> = /* @__PURE__ */ defineSchedule(
  'cosineDecay',
  {
    initValue: rate,
    endValue: [rate, 0],
    decaySteps: steps,
    power: [positiveFactor, 1],
    kDecay: [positiveFactor, 1],
    pastEnd: [/* @__PURE__ */ choice('hold', 'continue'), 'hold'],
  },
  ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }) => {
    const height = initValue - endValue;
    // The plain form, which nearly everyone uses, and no product in it that overflows.
    if (power === 1 && kDecay === 1 && pastEnd === 'hold' && decaySteps < 1e300)
      return (step) => {
        if (step <= 0) return initValue;
        if (step >= decaySteps) return endValue;
        return endValue + height * ((1 + Math.cos((Math.PI * step) / decaySteps)) / 2);
      };
    return (step) => {
      if (step <= 0) return initValue;
      if (step >= decaySteps && pastEnd === 'hold') return endValue;
      // The wave's period is taken off first: far out, cos(πt/T) would keep no digits. (With kDecay it has no period.)
      const angle =
        kDecay === 1
          ? bounded(Math.PI * remainder(step, 2 * decaySteps)) / decaySteps
          : Math.PI * (bounded((step / decaySteps) ** kDecay) % 2);
      const wave = (1 + Math.cos(angle)) / 2;
      return endValue + height * (power === 1 ? wave : wave ** power);
    };
  },
);
