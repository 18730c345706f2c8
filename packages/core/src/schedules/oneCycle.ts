import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { choice } from '../kinds/choice.ts';
import { flag } from '../kinds/flag.ts';
import { fraction } from '../kinds/fraction.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { bounded } from '../numerics/bounded.ts';
import { between, halfCosine } from '../curves/shape.ts';

export interface OneCycleOptions {
  /** The highest value; below the others for a momentum that falls as the rate rises. */
  readonly peakValue: number;
  /** Updates in the whole cycle, > 0: the last one, at step totalSteps − 1, sees `endValue`. */
  readonly totalSteps: number;
  /** Value at step 0; default peakValue/25. */
  readonly initValue?: number;
  /** Value at the end; default initValue/10⁴. */
  readonly endValue?: number;
  /** The share of the updates that the rise takes; default 0.3. */
  readonly peakFraction?: number;
  /** The way from value to value; default cosine. */
  readonly shape?: 'cosine' | 'linear';
  /** Whether the fall first mirrors the rise, down to `initValue`, and then goes on to `endValue`; default false. */
  readonly threePhase?: boolean;
  /** After the last update: hold the end value, or continue the last curve (cosine rises, linear falls below 0). */
  readonly pastEnd?: 'hold' | 'continue';
}

/**
 * One cycle: one rise, one long fall to far below the start ("super-convergence").
 *
 * The knots lie at real numbers, peakFraction·totalSteps − 1 and so on: a peak between two steps is seen by none of them.
 *
 * @formula initValue → peakValue at t = p·T−1 → (three phases: initValue at 2p·T−2 →) endValue at T−1; between two knots
 *   cosine b + (a−b)·½(1+cos πx) or linear; p = peakFraction, T = totalSteps
 * @start initValue, if p·T > 1
 * @end endValue, exactly at t = totalSteps − 1, and held
 * @source Smith, Topin 2019, "Super-Convergence", arXiv 1708.07120
 * @equivalents torch OneCycleLR(max_lr, total_steps, pct_start), Paddle OneCycleLR. Those of optax (knots at ⌊p·T⌋ and T)
 *   and fastai (at p·T and T) are `interpolate({ knots, values, shape: 'cosine' })`
 * @example
 * oneCycle({ peakValue: 1, totalSteps: 11, initValue: 0.2, endValue: 0, peakFraction: 0.5 })(10) // 0
 */
export const oneCycle: ScheduleDefinition<'oneCycle', OneCycleOptions> = /* @__PURE__ */ defineSchedule(
  'oneCycle',
  {
    peakValue: rate,
    totalSteps: steps,
    initValue: [rate, ({ peakValue }: Resolved<OneCycleOptions>) => peakValue / 25],
    endValue: [rate, ({ initValue }: Resolved<OneCycleOptions>) => initValue / 1e4],
    peakFraction: [fraction, 0.3],
    shape: [/* @__PURE__ */ choice('cosine', 'linear'), 'cosine'],
    threePhase: [flag, false],
    pastEnd: [/* @__PURE__ */ choice('hold', 'continue'), 'hold'],
  },
  ({ peakValue, totalSteps, initValue, endValue, peakFraction, shape, threePhase, pastEnd }) => {
    const peak = peakFraction * totalSteps - 1;
    const middle = threePhase ? 2 * peak : peak;
    const middleValue = threePhase ? initValue : peakValue;
    const end = totalSteps - 1;
    const eased = (x: number): number => (shape === 'linear' ? x : halfCosine(x));
    return (step) => {
      if (peak > 0 && step <= peak) return between(initValue, peakValue, eased(step / peak));
      if (middle > peak && step <= middle) return between(peakValue, initValue, eased((step - peak) / peak));
      if (middle >= end) return endValue;
      const x = (step - middle) / (end - middle);
      if (x < 1) return between(middleValue, endValue, eased(x));
      if (x === 1 || pastEnd === 'hold') return endValue;
      const progress = shape === 'linear' ? x : halfCosine(bounded(x) % 2);
      return bounded(middleValue + (endValue - middleValue) * bounded(progress));
    };
  },
  ({ threePhase, peakFraction, totalSteps }) =>
    threePhase && 2 * (peakFraction * totalSteps - 1) > totalSteps - 1
      ? [
          'peakFraction',
          `at most ${(totalSteps + 1) / (2 * totalSteps)} with three phases, whose second mirrors the rise`,
        ]
      : undefined,
);
