import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { list } from '../kinds/list.ts';
import { rate } from '../kinds/rate.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { rising } from '../numerics/segment.ts';
import { staircase } from '../curves/staircase.ts';

export interface PiecewiseConstantOptions {
  /** The steps at which the next value takes over, not falling: one fewer than there are values. */
  readonly boundaries: readonly number[];
  /** The values in order. */
  readonly values: readonly number[];
  /** Whether the next value is in force at its boundary or only after it; default at. */
  readonly change?: 'at' | 'after';
}

/**
 * A table: one value after the other, each held until the next boundary.
 *
 * @formula v(t) = values[i], i = the number of boundaries <= t (change "after": < t)
 * @start values[0], unless a boundary is 0
 * @end the last value
 * @source He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image Recognition", arXiv 1512.03385, section 4.2
 * @equivalents Keras PiecewiseConstantDecay(boundaries, values) with change "after"; Paddle PiecewiseDecay
 * @example
 * piecewiseConstant({ boundaries: [100, 200], values: [0.1, 0.05, 0.01] })(100) // 0.05
 */
export const piecewiseConstant: ScheduleDefinition<'piecewiseConstant', PiecewiseConstantOptions> =
  /* @__PURE__ */ defineSchedule(
    'piecewiseConstant',
    {
      boundaries: /* @__PURE__ */ list(stepsOrZero, 0),
      values: /* @__PURE__ */ list(rate),
      change: [/* @__PURE__ */ choice('at', 'after'), 'at'],
    },
    ({ boundaries, values, change }) => staircase(boundaries, values, change === 'after'),
    ({ boundaries, values }) => {
      if (!rising(boundaries)) return ['boundaries', 'in rising order'];
      return boundaries.length === values.length - 1
        ? undefined
        : ['boundaries', `one fewer than the ${values.length} values`];
    },
  );
