import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';

export interface PolynomialDecayOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Value from step `decaySteps` on; default 0. */
  readonly endValue?: number;
  /** Steps from the first value to the last, > 0. */
  readonly decaySteps: number;
  /** The exponent, > 0: above 1 it falls fast at first, below 1 late; default 1, a straight line. */
  readonly power?: number;
  /** Exponent of time, > 0: above 1 it stays high for longer (k-decay); default 1. */
  readonly kDecay?: number;
  /**
   * After `decaySteps`: hold the end value, or cycle: the decay is stretched to the next multiple of `decaySteps`, so
   * it jumps up there and falls again. Default hold.
   */
  readonly pastEnd?: 'hold' | 'cycle';
}

/**
 * Polynomial decay: a power of the time that is left.
 *
 * @formula v(t) = (initValue−endValue)·(1−(t/T)^kDecay)^power + endValue for t < T = decaySteps, endValue after;
 *   pastEnd "cycle": T = decaySteps·⌈t/decaySteps⌉
 * @start initValue
 * @end endValue, exactly at t = decaySteps, and held; with pastEnd "cycle" at every multiple of decaySteps
 * @source Li, Yumer, Ramanan 2020, "Budgeted Training", arXiv 1905.04753; Zhang, Li 2020, "k-decay", arXiv 2004.05909
 * @equivalents torch PolynomialLR(total_iters=decaySteps, power), which ends at 0; Keras PolynomialDecay (cycle=True);
 *   optax.polynomial_schedule; timm PolyLRScheduler(k_decay=kDecay)
 * @example
 * polynomialDecay({ initValue: 0.4, decaySteps: 100, power: 2 })(50) // 0.1
 */
export const polynomialDecay: ScheduleDefinition<'polynomialDecay', PolynomialDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'polynomialDecay',
    {
      initValue: rate,
      endValue: [rate, 0],
      decaySteps: steps,
      power: [positiveFactor, 1],
      kDecay: [positiveFactor, 1],
      pastEnd: [/* @__PURE__ */ choice('hold', 'cycle'), 'hold'],
    },
    ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }) => {
      const height = initValue - endValue;
      const cycles = pastEnd === 'cycle';
      return (step) => {
        if (step <= 0) return initValue;
        const length = cycles ? decaySteps * Math.ceil(step / decaySteps) : decaySteps;
        if (step >= length) return endValue;
        return height * (1 - (step / length) ** kDecay) ** power + endValue;
      };
    },
  );
