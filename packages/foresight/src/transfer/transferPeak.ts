import { mustBe, type Schedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { lastIterateBound, type LastIterateOptions } from '../bound/lastIterateBound.ts';
import { checkSteps } from '../rates/rates.ts';

export interface TransferOptions {
  /** Updates in the run for which the schedule's peak is right. */
  readonly from: number;
  /** Updates in the other run, over which the same shape is stretched; or that run's own schedule, of any peak. */
  readonly to: number | { readonly schedule: Schedule; readonly steps: number };
  /** What the gradients' norms do not exceed in both runs; see {@link lastIterateBound}. A number or a function of the step; default 1. */
  readonly gradientNorm?: number | ((step: number) => number);
}

export interface TransferredPeak {
  /** The peak for the other run. */
  readonly peak: number;
  /** By what the peak changes. */
  readonly factor: number;
}

/**
 * The peak for another horizon, or for another schedule such as a longer cool-down, from a peak that is right for one.
 *
 * The bound of the last iterate has a best peak for each shape and length. How large it is depends on distance and gradients that
 * nobody knows, but for two runs of one problem they are the same: the peak changes as the best peaks do. A twofold run of one shape
 * asks for about 1/√2 of the peak.
 *
 * Throws a ScheduleError for options that are not as described.
 *
 * @source Schaipp, Hägele, Taylor, Simsekli, Bach 2025, arXiv 2501.18965, section 5 (transfer between horizons and cool-down lengths).
 *
 * @example
 * const schedule = linear({ initValue: 0.1, endValue: 0, decaySteps: 1000 });
 * const { peak } = transferPeak(schedule, { from: 1000, to: 4000 });
 * peak.toFixed(2); // '0.05'
 */
export function transferPeak(schedule: Schedule, options: TransferOptions): TransferredPeak {
  const subject = 'transferPeak';
  checkKeys(subject, ['from', 'to', 'gradientNorm'], options);
  const { from, to, gradientNorm = 1 } = options;
  if (typeof gradientNorm !== 'number' && typeof gradientNorm !== 'function')
    mustBe(subject, 'gradientNorm', 'a number or a function of the step, for runs of two lengths', gradientNorm);
  checkSteps(`${subject}: from`, from);
  const other =
    typeof to === 'number'
      ? { schedule: (step: number) => schedule((step * from) / to), steps: checkSteps(`${subject}: to`, to) }
      : to;
  if (typeof other !== 'object' || other === null)
    mustBe(subject, 'to', 'a number of updates, or { schedule, steps }', other);
  checkKeys(`${subject}: to`, ['schedule', 'steps'], other);
  const best = (one: Schedule, steps: number): { readonly bestPeak: number; readonly bestScale: number } => {
    const given: LastIterateOptions = { steps, gradientNorm, at: [steps] };
    return lastIterateBound(one, given);
  };
  const [here, there] = [best(schedule, from), best(other.schedule, other.steps)];
  const factor = there.bestPeak / here.bestPeak;
  if (!Number.isFinite(factor) || factor === 0)
    mustBe(subject, 'schedule', 'above 0 somewhere in both runs, under gradients above 0', schedule);
  // What the best scale multiplies by is the schedule's own peak.
  return { peak: factor * (here.bestPeak / here.bestScale), factor };
}
