import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { list } from '../kinds/list.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Child } from '../schedule.ts';

export interface SequenceOptions {
  /** The parts in order; each has its own clock, which starts at 0 when the part begins. */
  readonly schedules: readonly Child[];
  /** The steps at which the second part and all later ones begin, not falling: one fewer than there are parts. */
  readonly boundaries: readonly number[];
}

/**
 * One schedule after the other, each on its own clock.
 *
 * @formula v(t) = schedules[i](t − boundaries[i−1]), i = the number of boundaries <= t
 * @start schedules[0](0), or the first part whose boundary lies after 0
 * @end the last part's
 * @equivalents torch SequentialLR(milestones=boundaries); optax.join_schedules(schedules, boundaries)
 * @example
 * sequence({ schedules: [0.01, linear({ initValue: 0.1, decaySteps: 10 })], boundaries: [5] })(10) // 0.05
 */
export const sequence: ScheduleDefinition<'sequence', SequenceOptions> = /* @__PURE__ */ defineSchedule(
  'sequence',
  { schedules: /* @__PURE__ */ list(child), boundaries: /* @__PURE__ */ list(stepsOrZero, 0) },
  ({ schedules, boundaries }) => {
    const starts = [0, ...boundaries];
    return (step) => {
      // Binary search for the last part that has begun: O(log parts).
      let low = 0;
      let high = boundaries.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= step) low = middle;
        else high = middle - 1;
      }
      return schedules[low]!(step - starts[low]!);
    };
  },
  ({ schedules, boundaries }) => {
    if (boundaries.length !== schedules.length - 1)
      return ['boundaries', `one fewer than the ${schedules.length} schedules`];
    return boundaries.some((boundary, i) => boundary < (boundaries[i - 1] ?? 0))
      ? ['boundaries', 'in rising order']
      : undefined;
  },
);
