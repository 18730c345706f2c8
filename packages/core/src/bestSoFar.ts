import { choice } from './kinds/choice.ts';
import { count } from './kinds/count.ts';
import { factor } from './kinds/factor.ts';
import { flag } from './kinds/flag.ts';
import { integer } from './kinds/integer.ts';
import { real } from './kinds/real.ts';
import { bounded } from './numerics/bounded.ts';
import { bettered, improves, type ThresholdMode, thresholdModes } from './numerics/improvement.ts';
import { checkOptions, type OptionTable } from './options/checkOptions.ts';

export interface BestSoFarOptions {
  /** Whether the metric should fall (min) or rise (max); default min. */
  readonly mode?: 'min' | 'max';
  /** The least change that counts as improvement; default 0: any. */
  readonly threshold?: number;
  /** As in `reduceOnPlateau`; default absolute. */
  readonly thresholdMode?: ThresholdMode;
  /** After so many reports in a row without improvement it is time to stop, an integer >= 1; default never. */
  readonly patience?: number;
  /** So many reports at the beginning are not looked at; default 0. */
  readonly startFrom?: number;
  /** What must be beaten as well before the count of reports without improvement begins anew; default nothing. */
  readonly baseline?: number;
  /** Whether the first report is the best so far whatever it is: then nothing beats a first NaN (Keras). Default false. */
  readonly firstIsBest?: boolean;
}

/** What is known after some reports: plain JSON. */
export type BestState = {
  /** Null before the first report that counts; ∓the largest double for an infinite one. */
  readonly best: number | null;
  /** Which report that was, the first being 0; null before it. */
  readonly bestReport: number | null;
  /** Reports so far. */
  readonly reports: number;
  /** Reports in a row without improvement. */
  readonly waited: number;
  /** Whether the last report is the best so far: the moment to keep the weights. */
  readonly improved: boolean;
  /** Whether patience is at its end. */
  readonly stop: boolean;
};

const table = {
  mode: [/* @__PURE__ */ choice('min', 'max'), 'min'],
  threshold: [factor, 0],
  thresholdMode: [thresholdModes, 'absolute'],
  patience: [integer, Infinity],
  startFrom: [count, 0],
  baseline: [real, undefined],
  firstIsBest: [flag, false],
} as const satisfies OptionTable<BestSoFarOptions>;

/** The reducer that {@link bestSoFar} makes. */
export interface BestSoFar {
  readonly init: () => BestState;
  readonly observe: (state: BestState, metric: number) => BestState;
}

/**
 * Follows the best value of a metric, and says when to keep the weights and when to stop.
 *
 * A report is an improvement if it beats the best by more than the threshold; NaN is none. It keeps nothing itself: the
 * state is threaded through and is plain JSON, so that a checkpoint holds it.
 *
 * Throws a {@link ScheduleError} for options that are wrong.
 *
 * @source Prechelt 1998, "Early stopping, but when?", the criterion UP for strips of one epoch
 * @equivalents Keras EarlyStopping (thresholdMode shiftedMetric, threshold |min_delta|, patience max(p,1), firstIsBest,
 *   startFrom start_from_epoch); the judgement of torch ReduceLROnPlateau (thresholdMode signedRelative, patience p+1)
 * @example
 * const { init, observe } = bestSoFar({ patience: 2 });
 * [3, 2, 4, 5].reduce(observe, init()); // { best: 2, bestReport: 1, reports: 4, waited: 2, improved: false, stop: true }
 */
export function bestSoFar(options: BestSoFarOptions = {}): BestSoFar {
  const checked = checkOptions('bestSoFar', table, options);
  const { patience, startFrom, baseline } = checked;
  const sign = checked.mode === 'min' ? 1 : -1;
  const isBeyond = (metric: number): boolean => baseline === undefined || improves(metric, baseline, sign, checked);
  return {
    init: () => ({ best: null, bestReport: null, reports: 0, waited: 0, improved: false, stop: false }),
    observe: (state, report) => {
      const reports = state.reports + 1;
      if (reports <= startFrom) return { ...state, reports };
      const metric = bounded(report) + 0; // JSON knows no −0
      const best = bettered(metric, state.best, sign, checked);
      const waited = best !== undefined && isBeyond(metric) ? 0 : state.waited + 1;
      return best === undefined
        ? { ...state, reports, waited, improved: false, stop: waited >= patience }
        : { best, bestReport: state.reports, reports, waited, improved: true, stop: false };
    },
  };
}
