import type { Json } from '../controller.ts';
import { defineController, type ControllerDefinition } from '../definition/defineController.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { flag } from '../kinds/flag.ts';
import { fraction } from '../kinds/fraction.ts';
import { integer } from '../kinds/integer.ts';
import { properFraction } from '../kinds/properFraction.ts';
import { rate } from '../kinds/rate.ts';
import { text } from '../kinds/text.ts';
import { bounded } from '../numerics/bounded.ts';
import { bettered, type ThresholdMode, thresholdModes } from '../numerics/improvement.ts';

export interface ReduceOnPlateauOptions {
  /** The metric to read, of every epoch; default "loss", the mean over its training batches. */
  readonly monitor?: string;
  /** Whether the metric should fall (min) or rise (max); default min. */
  readonly mode?: 'min' | 'max';
  /** What a reduction multiplies the value by, below 1; default 0.1. */
  readonly reduceFactor?: number;
  /** Reports without improvement that are borne; the next one reduces. Default 10. */
  readonly patience?: number;
  /** The least change that counts as improvement; default 1e-4. */
  readonly threshold?: number;
  /**
   * relative: a share of the best metric's size; absolute: as it is. For the numbers of others: signedRelative, a share
   * of the best with its sign (PyTorch, optax: a negative metric then improves by getting a little worse);
   * shiftedMetric, absolute but added to the metric (Keras: another rounding). Default relative.
   */
  readonly thresholdMode?: ThresholdMode;
  /** An absolute change asked for on top of a relative threshold; default 0. */
  readonly extraThreshold?: number;
  /** Reports after a reduction in which no bad one counts; default 0. */
  readonly cooldown?: number;
  /** The value below which no reduction goes; default 0. */
  readonly minValue?: number;
  /** The factor below which no reduction goes; default 0. */
  readonly minFactor?: number;
  /** A reduction that would change the value by no more than this is not made; default 0. */
  readonly minChange?: number;
  /** A reduction that would change the factor by no more than this is not made, whatever the value; default 0. */
  readonly minFactorChange?: number;
  /** So many reports are averaged, and their mean counts as one report; default 1. */
  readonly accumulate?: number;
  /** Whether the best metric is also sought among the reports of the cooldown; default true (Paddle: false). */
  readonly bestInCooldown?: boolean;
  /** above: more bad reports than `patience` reduce; exactly: `patience` bad ones, also none for 0 (optax). Default above. */
  readonly trigger?: 'above' | 'exactly';
  /** Whether the first report is the best so far whatever it is: then nothing beats a first NaN (Keras). Default false. */
  readonly firstIsBest?: boolean;
}

/** What reduce-on-plateau remembers. */
export type PlateauState = {
  /** Null before the first report that counts; ∓the largest double for an infinite one. */
  readonly best: number | null;
  readonly bad: number;
  readonly cooldown: number;
  readonly factor: number;
  /** Reports averaged so far, and their mean: null once a NaN is among them. */
  readonly pending: number;
  readonly mean: number | null;
} & {
  readonly [key: string]: Json;
};

/**
 * Reduces the value when a metric has stopped improving.
 *
 * A report is good if it beats the best by more than the threshold; NaN is never good. The report after `patience` bad
 * ones in a row reduces. With a relative threshold the margin is threshold·|best|, so metrics may be negative. The
 * defaults are sane rather than anybody's; the options reproduce PyTorch, Keras, optax and Paddle report by report.
 *
 * @formula factor ← max(factor·reduceFactor, minValue/value, minFactor) at each reduction
 * @start factor 1
 * @end factor >= max(minFactor, minValue/value)
 * @source Senior, Heigold, Ranzato, Yang 2013, "An empirical study of learning rates in deep neural networks for
 *   speech recognition", ICASSP (performance scheduling)
 * @equivalents torch ReduceLROnPlateau (thresholdMode signedRelative, minChange=eps); Keras ReduceLROnPlateau
 *   (shiftedMetric, firstIsBest, patience max(p,1)−1, cooldown max(c,1)−1); optax.contrib.reduce_on_plateau
 *   (signedRelative, extraThreshold=atol, trigger exactly, accumulate, minFactor); Paddle ReduceOnPlateau (bestInCooldown false)
 * @example
 * reduceOnPlateau({ patience: 2 }).monitor // "loss"
 */
export const reduceOnPlateau: ControllerDefinition<'reduceOnPlateau', ReduceOnPlateauOptions, PlateauState> =
  /* @__PURE__ */ defineController(
    'reduceOnPlateau',
    {
      monitor: [text, 'loss'],
      mode: [/* @__PURE__ */ choice('min', 'max'), 'min'],
      reduceFactor: [properFraction, 0.1],
      patience: [count, 10],
      threshold: [factor, 1e-4],
      thresholdMode: [thresholdModes, 'relative'],
      extraThreshold: [factor, 0],
      cooldown: [count, 0],
      minValue: [rate, 0],
      minFactor: [fraction, 0],
      minChange: [rate, 0],
      minFactorChange: [factor, 0],
      accumulate: [integer, 1],
      bestInCooldown: [flag, true],
      trigger: [/* @__PURE__ */ choice('above', 'exactly'), 'above'],
      firstIsBest: [flag, false],
    },
    (options) => {
      const { mode, reduceFactor, patience, cooldown, minValue, minFactor, minChange, accumulate } = options;
      const { minFactorChange, bestInCooldown, trigger } = options;
      const sign = mode === 'min' ? 1 : -1;

      const reduced = (state: PlateauState, value: number): number => {
        const floor = Math.max(minFactor, minValue === 0 ? 0 : minValue / value);
        const next = Math.min(state.factor, Math.max(state.factor * reduceFactor, floor));
        const change = state.factor - next;
        if (change <= minFactorChange) return state.factor;
        return minChange === 0 || value * change > minChange ? next : state.factor;
      };

      const judged = (state: PlateauState, metric: number, value: number): PlateauState => {
        const cooling = state.cooldown > 0;
        const found = bestInCooldown || !cooling ? bettered(metric, state.best, sign, options) : undefined;
        const best = found ?? state.best;
        if (cooling) return { ...state, best, bad: 0, cooldown: state.cooldown - 1 };
        const bad = found === undefined ? state.bad + 1 : 0;
        if (trigger === 'above' ? bad <= patience : bad !== patience) return { ...state, best, bad };
        return { ...state, best, bad: 0, cooldown, factor: reduced(state, value) };
      };

      return {
        ...(accumulate === 1 && { patience }),
        init: () => ({ best: null, bad: 0, cooldown: 0, factor: 1, pending: 0, mean: 0 }),
        observe: (state, report, { value }) => {
          const metric = bounded(report);
          if (accumulate === 1) return judged(state, metric, value);
          const { pending } = state;
          const mean = bounded(((state.mean ?? NaN) * pending + metric) / (pending + 1));
          if (pending + 1 < accumulate)
            return { ...state, pending: pending + 1, mean: Number.isNaN(mean) ? null : mean };
          return judged({ ...state, pending: 0, mean: 0 }, mean, value);
        },
        factor: (state) => state.factor,
      };
    },
    ({ thresholdMode, extraThreshold }) =>
      extraThreshold > 0 && !thresholdMode.toLowerCase().endsWith('relative')
        ? ['extraThreshold', 'left out where the threshold is absolute']
        : undefined,
  );
