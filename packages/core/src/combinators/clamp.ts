import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { rate } from '../kinds/rate.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface ClampOptions {
  /** What is kept within the limits. */
  readonly schedule: Child;
  /** The least value; default 0. */
  readonly minValue?: number;
  /** The greatest value, at least `minValue`; default no limit. */
  readonly maxValue?: number;
}

/**
 * A schedule kept between a floor and a ceiling.
 *
 * @formula v(t) = min(maxValue, max(minValue, schedule(t)))
 * @start schedule(0), within the limits
 * @end the schedule's, within the limits
 * @equivalents end_value of optax.exponential_decay; min_lr of Megatron and fairseq
 * @example
 * clamp({ schedule: linear({ initValue: 1, decaySteps: 10 }), minValue: 0.25 })(9) // 0.25
 */
export const clamp: ScheduleDefinition<'clamp', ClampOptions> = /* @__PURE__ */ defineSchedule(
  'clamp',
  { schedule: child, minValue: [rate, 0], maxValue: [rate, Number.MAX_VALUE] },
  ({ schedule, minValue, maxValue }) =>
    (step) =>
      Math.min(maxValue, Math.max(minValue, schedule(step))),
  ({ minValue, maxValue }) => (minValue <= maxValue ? undefined : ['maxValue', 'at least minValue']),
);

export const outline: Outline<ClampOptions> = () => [{ from: 0, inside: 'schedule' }];
