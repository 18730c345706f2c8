import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { choice } from '../kinds/choice.ts';
import { factor } from '../kinds/factor.ts';
import { list } from '../kinds/list.ts';
import { rate } from '../kinds/rate.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { bounded, geometric } from '../numerics/bounded.ts';
import { rising } from '../numerics/segment.ts';
import { staircase } from '../curves/staircase.ts';

export interface MultiStepDecayOptions {
  /** Value before the first boundary. */
  readonly initValue: number;
  /** The steps at which the value drops, not falling; one given twice drops it twice. */
  readonly boundaries: readonly number[];
  /** What the value is multiplied by at each boundary, where it is not the same at all of them. */
  readonly factors?: readonly number[];
  /** What the value is multiplied by at every boundary; default 0.1, beside `factors` 1. */
  readonly dropFactor?: number;
  /** Whether a drop is in force at its boundary or only after it; default at. */
  readonly change?: 'at' | 'after';
}

/**
 * The value is multiplied by a factor at each of several steps.
 *
 * @formula v(t) = initValue · Π factors[i]·dropFactor over all i with boundaries[i] <= t (change "after": < t)
 * @start initValue, unless a boundary is 0
 * @end initValue times all factors, held after the last boundary
 * @source He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image Recognition", arXiv 1512.03385, section 4.2 (divided by
 *   10 at updates 32k and 48k)
 * @equivalents torch MultiStepLR(milestones=boundaries, gamma=dropFactor); optax.piecewise_constant_schedule (factors)
 * @example
 * multiStepDecay({ initValue: 0.1, boundaries: [30, 80], dropFactor: 0.5 })(80) // 0.025
 */
export const multiStepDecay: ScheduleDefinition<'multiStepDecay', MultiStepDecayOptions> =
  /* @__PURE__ */ defineSchedule(
    'multiStepDecay',
    {
      initValue: rate,
      boundaries: /* @__PURE__ */ list(stepsOrZero),
      factors: [/* @__PURE__ */ list(factor), []],
      dropFactor: [factor, ({ factors }: Resolved<MultiStepDecayOptions>) => (factors.length === 0 ? 0.1 : 1)],
      change: [/* @__PURE__ */ choice('at', 'after'), 'at'],
    },
    ({ initValue, boundaries, factors, dropFactor, change }) => {
      const values = [initValue];
      // The same factor everywhere is a power, as the frameworks compute it; several are multiplied up.
      boundaries.forEach((_, i) =>
        values.push(factors.length === 0 ? geometric(initValue, dropFactor, i + 1) : bounded(values[i]! * factors[i]!)),
      );
      return staircase(boundaries, values, change === 'after');
    },
    ({ boundaries, factors, dropFactor }) => {
      if (!rising(boundaries)) return ['boundaries', 'in rising order'];
      if (factors.length === 0) return undefined;
      if (factors.length !== boundaries.length)
        return ['factors', `one for each of the ${boundaries.length} boundaries`];
      return dropFactor === 1 ? undefined : ['dropFactor', 'left out where factors are given'];
    },
  );
