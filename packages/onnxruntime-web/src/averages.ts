import { checkKeys } from '@anneal/core/options';
import { argumentError } from './argumentError.ts';
import { TrainerError } from './trainerError.ts';

export interface AverageOptions {
  /** The share of the average that each update keeps, below 1: a moving average. Left out: the mean of all (SWA). */
  readonly decay?: number;
  /** The number of updates after which averaging begins; default 0. */
  readonly from?: number;
  /** Averages after every so many updates; default 1. For SWA the length of a cycle. */
  readonly every?: number;
}

/** When weights are averaged, and with which share: functions of the number of updates alone. */
export interface Averaging {
  /** How many of the updates up to this number, of weights that joined after `since` updates, have entered the average. */
  count(updates: number, since: number): number;
  /** The share c of update number `updates` (from 1) in a ← a + c·(w − a); 0 where it does not average. */
  share(updates: number, since: number): number;
}

/**
 * The average of the weights over training: an exponential moving average (Polyak & Juditsky 1992) or stochastic weight averaging
 * (Izmailov et al. 2018, arXiv 1803.05407). For the n-th averaged update c = 1/n for the mean and (1 − decay)/(1 − decayⁿ) for the moving
 * average, which is the bias-corrected one: its weights always sum to 1, and the first average is the weight itself.
 *
 * @throws TrainerError `argument` for an option outside its range.
 */
export function averaging(options: AverageOptions): Averaging {
  checkKeys('average', ['decay', 'from', 'every'], options, argumentError);
  const { decay, from = 0, every = 1 } = options;
  const check = (name: string, holds: boolean, rule: string, value: unknown): void => {
    if (!holds) throw new TrainerError('argument', 'average', `${name} must be ${rule}; received ${String(value)}`);
  };
  check('decay', decay === undefined || (decay >= 0 && decay < 1), 'a number >= 0 and < 1', decay);
  check('from', Number.isInteger(from) && from >= 0, 'an integer >= 0', from);
  check('every', Number.isInteger(every) && every >= 1, 'an integer >= 1', every);
  // Update number 0 does not exist: where averaging begins with it, it is not counted.
  const upTo = (updates: number): number =>
    updates < from ? 0 : Math.floor((updates - from) / every) + (from === 0 ? 0 : 1);
  const count = (updates: number, since: number): number => upTo(updates) - upTo(since);
  return {
    count,
    share(updates, since) {
      const n = count(updates, since);
      if (n === count(updates - 1, since)) return 0;
      return decay === undefined ? 1 / n : (1 - decay) / (1 - decay ** n);
    },
  };
}
