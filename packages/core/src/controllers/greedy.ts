import type { Json } from '../controller.ts';
import { defineController, type ControllerDefinition } from '../definition/defineController.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { integer } from '../kinds/integer.ts';
import { rate } from '../kinds/rate.ts';
import { text } from '../kinds/text.ts';
import { bounded } from '../numerics/bounded.ts';
import { improves, type ThresholdMode, thresholdModes } from '../numerics/improvement.ts';

export interface GreedyOptions {
  /** The metric to read, of every epoch; default "loss", the mean over its training batches. */
  readonly monitor?: string;
  /** Whether the metric should fall (min) or rise (max); default min. */
  readonly mode?: 'min' | 'max';
  /** What a reduction multiplies the value by and a raise divides it by, in (0, 1); default 0.95. */
  readonly changeFactor?: number;
  /** Good or bad reports in a row that are let pass; the next one changes the value. Default 10. */
  readonly patience?: number;
  /** The least change that counts as improvement; default 1e-6. */
  readonly threshold?: number;
  /** As in `reduceOnPlateau`; default absolute. */
  readonly thresholdMode?: ThresholdMode;
  /** Reports after a reduction that are not looked at; default 0. */
  readonly cooldown?: number;
  /** Reports after a raise that are not looked at; default 0. */
  readonly rest?: number;
  /** The value below which no reduction goes; default 0. */
  readonly minValue?: number;
  /** The value above which no raise goes; default no limit. */
  readonly maxValue?: number;
  /** The factor below which no reduction goes; default 0.01. */
  readonly minFactor?: number;
  /** The factor above which no raise goes; default 10. */
  readonly maxFactor?: number;
  /** A change of the value by no more than this is not made; default 0. */
  readonly minChange?: number;
  /** So many reports, at most, are averaged to the metric that is looked at; default 1. */
  readonly window?: number;
  /** After so many reductions at the floor everything begins anew; default 500. */
  readonly resetAfter?: number;
}

/** What the greedy controller remembers. */
export type GreedyState = {
  readonly best: number | null;
  readonly good: number;
  readonly bad: number;
  readonly cooldown: number;
  readonly rest: number;
  readonly resetLeft: number;
  readonly factor: number;
  /** The reports in the window, null for NaN, and their sum: null for good once a NaN was among them. */
  readonly reports: readonly (number | null)[];
  readonly sum: number | null;
} & {
  readonly [key: string]: Json;
};

/**
 * Raises the value while a metric keeps improving and lowers it while it does not.
 *
 * @formula factor ← factor/changeFactor after more than `patience` good reports in a row, factor·changeFactor after as many
 *   bad ones, the value kept within minValue, maxValue and the factor within minFactor, maxFactor
 * @start factor 1
 * @end factor in [minFactor, maxFactor]
 * @source "GreedyLR: A Novel Adaptive Learning Rate Scheduler" (2025), arXiv 2512.14527
 * @equivalents transformers GreedyLR (minChange=eps, rest=warmup, minFactor 0, maxFactor unlimited; threshold_mode "rel" is
 *   signedRelative)
 * @example
 * greedy({ monitor: 'val_loss' }).monitor // "val_loss"
 */
export const greedy: ControllerDefinition<'greedy', GreedyOptions, GreedyState> = /* @__PURE__ */ defineController(
  'greedy',
  {
    monitor: [text, 'loss'],
    mode: [/* @__PURE__ */ choice('min', 'max'), 'min'],
    changeFactor: [factor, 0.95],
    patience: [count, 10],
    threshold: [factor, 1e-6],
    thresholdMode: [thresholdModes, 'absolute'],
    cooldown: [count, 0],
    rest: [count, 0],
    minValue: [rate, 0],
    maxValue: [rate, Number.MAX_VALUE],
    minFactor: [factor, 0.01],
    maxFactor: [factor, 10],
    minChange: [rate, 0],
    window: [integer, 1],
    resetAfter: [integer, 500],
  },
  (options) => {
    const { mode, changeFactor, patience, cooldown, rest, minValue, maxValue, minFactor, maxFactor } = options;
    const { minChange, window, resetAfter } = options;
    const sign = mode === 'min' ? 1 : -1;
    const begin: GreedyState = {
      best: null,
      good: 0,
      bad: 0,
      cooldown: 0,
      rest: 0,
      resetLeft: resetAfter,
      factor: 1,
      reports: [],
      sum: 0,
    };

    const raised = (state: GreedyState, value: number): GreedyState => {
      const old = value * state.factor;
      const next = Math.min(old / changeFactor, maxValue, value * maxFactor);
      const changed = next - old > minChange ? next / value : state.factor;
      return { ...state, good: 0, rest, resetLeft: resetAfter, factor: changed };
    };

    const lowered = (state: GreedyState, value: number): GreedyState => {
      const old = value * state.factor;
      const floor = Math.max(minValue, value * minFactor);
      const next = Math.max(old * changeFactor, floor);
      const changed = old - next > minChange ? next / value : state.factor;
      // floor / value · value may be a rounding above the floor that it stands for.
      const resetLeft = value * changed > floor * (1 + 2 ** -51) ? state.resetLeft : state.resetLeft - 1;
      if (resetLeft <= 0) return { ...begin, cooldown };
      return { ...state, bad: 0, cooldown, resetLeft, factor: changed };
    };

    return {
      ...(window === 1 && { patience }),
      init: () => begin,
      observe: (before, report, { value }) => {
        const [state, metric] = window === 1 ? [before, bounded(report)] : averaged(before, report, window);
        if (state.cooldown > 0) return { ...state, cooldown: state.cooldown - 1, good: 0, bad: 0 };
        if (state.rest > 0) return { ...state, rest: state.rest - 1, good: 0, bad: 0 };
        const next = improves(metric, state.best, sign, options)
          ? { ...state, best: metric, good: state.good + 1, bad: 0 }
          : { ...state, good: 0, bad: state.bad + 1 };
        if (next.good > patience) return raised(next, value);
        return next.bad > patience ? lowered(next, value) : next;
      },
      factor: (state) => state.factor,
    };
  },
  ({ changeFactor, minValue, maxValue, minFactor, maxFactor }) => {
    if (!(changeFactor > 0 && changeFactor < 1)) return ['changeFactor', 'a number in (0, 1)'];
    if (minValue > maxValue) return ['maxValue', 'at least minValue'];
    return minFactor > 1 || maxFactor < 1
      ? [minFactor > 1 ? 'minFactor' : 'maxFactor', 'so that 1 lies between minFactor and maxFactor']
      : undefined;
  },
);

/** Takes a report into the window; the metric is the mean of the window, by a running sum. */
function averaged(state: GreedyState, report: number, window: number): readonly [GreedyState, number] {
  const metric = bounded(report);
  const full = state.reports.length === window;
  const gone = full ? (state.reports[0] ?? NaN) : 0;
  const sum = bounded((state.sum ?? NaN) + metric - gone);
  const reports = [...state.reports.slice(full ? 1 : 0), orNull(metric)];
  return [{ ...state, reports, sum: orNull(sum) }, sum / reports.length];
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
