import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { list } from '../kinds/list.ts';
import { rate } from '../kinds/rate.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { annealed } from '../curves/annealShape.ts';
import { rising, segment } from '../numerics/segment.ts';
import { between } from '../curves/shape.ts';

export interface InterpolateOptions {
  /** The steps of the knots, not falling; one given twice is a jump. */
  readonly knots: readonly number[];
  /** The value at each knot. */
  readonly values: readonly number[];
  /** The way from knot to knot; default linear. For exponential every value must be > 0. */
  readonly shape?: 'linear' | 'cosine' | 'exponential';
}

/**
 * Goes through given values at given steps.
 *
 * @formula v(t) = values[i] → values[i+1] by shape at x = (t−knots[i])/(knots[i+1]−knots[i]), i = the last knot <= t
 * @start the first value, held until its knot
 * @end the last value, exactly at the last knot, and held
 * @equivalents optax.piecewise_interpolate_schedule, optax.cosine_onecycle_schedule and fastai's combined_cos (cosine);
 *   ignite PiecewiseLinear (linear)
 * @example
 * interpolate({ knots: [0, 10, 30], values: [0.02, 0.1, 0.02] })(20) // 0.06
 */
export const interpolate: ScheduleDefinition<'interpolate', InterpolateOptions> = /* @__PURE__ */ defineSchedule(
  'interpolate',
  {
    knots: /* @__PURE__ */ list(stepsOrZero),
    values: /* @__PURE__ */ list(rate),
    shape: [/* @__PURE__ */ choice('linear', 'cosine', 'exponential'), 'linear'],
  },
  ({ knots, values, shape }) => {
    const last = knots.length - 1;
    const starts = Float64Array.from(knots);
    const levels = Float64Array.from(values);
    const isLinear = shape === 'linear';
    return (step) => {
      const i = segment(starts, step);
      const level = levels[i]!;
      const start = starts[i]!;
      if (i === last || step <= start) return level;
      const x = (step - start) / (starts[i + 1]! - start);
      return isLinear ? between(level, levels[i + 1]!, x) : annealed(shape, level, levels[i + 1]!, x);
    };
  },
  ({ knots, values, shape }) => {
    if (!rising(knots)) return ['knots', 'in rising order'];
    if (knots.length !== values.length) return ['knots', `one for each of the ${values.length} values`];
    return shape === 'exponential' && values.includes(0)
      ? ['values', 'numbers > 0 for the exponential shape']
      : undefined;
  },
);
