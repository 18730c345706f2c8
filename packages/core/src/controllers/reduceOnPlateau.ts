import type { Json } from '../controller.ts';
import { defineController, type ControllerDefinition } from '../definition/defineController.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { rate } from '../kinds/rate.ts';
import { text } from '../kinds/text.ts';

export interface ReduceOnPlateauOptions {
  /** The metric to read; default "loss". */
  readonly monitor?: string;
  /** Whether the metric should fall (min) or rise (max); default min. */
  readonly mode?: 'min' | 'max';
  /** What a reduction multiplies the value by, below 1; default 0.1. */
  readonly reduceFactor?: number;
  /** Reports without improvement that are borne; the next one reduces. Default 10. */
  readonly patience?: number;
  /** The least change that counts as improvement; default 1e-4. */
  readonly threshold?: number;
  /** relative: a share of the best metric's size; absolute: as it is. Default relative. */
  readonly thresholdMode?: 'relative' | 'absolute';
  /** Reports after a reduction in which no bad one counts; default 0. */
  readonly cooldown?: number;
  /** The value below which no reduction goes; default 0. */
  readonly minValue?: number;
}

/** What reduce-on-plateau remembers. */
export type PlateauState = {
  readonly best: number | null;
  readonly bad: number;
  readonly cooldown: number;
  readonly factor: number;
} & {
  readonly [key: string]: Json;
};

/**
 * Reduces the value when a metric has stopped improving.
 *
 * A report is good if it beats the best by more than the threshold; NaN is never good. The report after `patience` bad
 * ones in a row reduces. With a relative threshold the margin is threshold·|best|, so metrics may be negative.
 *
 * @formula factor ← max(factor·reduceFactor, minValue/value) at each reduction
 * @start factor 1
 * @equivalents torch ReduceLROnPlateau with these names, on metrics that are not negative
 * @example
 * createScheduler({ learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({ patience: 2 }) } } } })
 */
export const reduceOnPlateau: ControllerDefinition<'reduceOnPlateau', ReduceOnPlateauOptions, PlateauState> =
  /* @__PURE__ */ defineController(
    'reduceOnPlateau',
    {
      monitor: [text, 'loss'],
      mode: [/* @__PURE__ */ choice('min', 'max'), 'min'],
      reduceFactor: [factor, 0.1],
      patience: [count, 10],
      threshold: [factor, 1e-4],
      thresholdMode: [/* @__PURE__ */ choice('relative', 'absolute'), 'relative'],
      cooldown: [count, 0],
      minValue: [rate, 0],
    },
    ({ mode, reduceFactor, patience, threshold, thresholdMode, cooldown, minValue }) => {
      const sign = mode === 'min' ? 1 : -1;
      const improves = (metric: number, best: number): boolean => {
        const margin = thresholdMode === 'relative' ? threshold * Math.abs(best) : threshold;
        return sign * metric < sign * best - margin;
      };
      return {
        init: () => ({ best: null, bad: 0, cooldown: 0, factor: 1 }),
        observe: (state, metric, { value }) => {
          const good = state.best === null ? Number.isFinite(metric) : improves(metric, state.best);
          const best = good ? metric : state.best;
          if (state.cooldown > 0) return { ...state, best, bad: 0, cooldown: state.cooldown - 1 };
          const bad = good ? 0 : state.bad + 1;
          if (bad <= patience) return { ...state, best, bad };
          const floor = Math.min(state.factor, minValue / value);
          return { best, bad: 0, cooldown, factor: Math.max(state.factor * reduceFactor, floor) };
        },
        factor: (state) => state.factor,
      };
    },
    ({ reduceFactor }) => (reduceFactor < 1 ? undefined : ['reduceFactor', 'a number in [0, 1)']),
  );
