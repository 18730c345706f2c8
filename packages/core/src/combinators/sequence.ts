import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { list } from '../kinds/list.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { rising, segment } from '../numerics/segment.ts';

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
 * sequence({ schedules: [0.1, linear({ initValue: 0.1, decaySteps: 10 })], boundaries: [5] })(10) // 0.05
 */
export const sequence: ScheduleDefinition<'sequence', SequenceOptions> = /* @__PURE__ */ defineSchedule(
  'sequence',
  { schedules: /* @__PURE__ */ list(child), boundaries: /* @__PURE__ */ list(stepsOrZero, 0) },
  ({ schedules, boundaries }) => {
    const [first, second, third, ...others] = schedules;
    if (second !== undefined && others.length === 0) {
      // Two parts or three, as nearly always, need no search.
      const [b1, b2 = Infinity] = boundaries as readonly [number, number?];
      return (step) => (step < b1 ? first!(step) : step < b2 ? second(step - b1) : third!(step - b2));
    }
    const starts = Float64Array.of(0, ...boundaries);
    return (step) => {
      const i = segment(starts, step);
      return schedules[i]!(step - starts[i]!);
    };
  },
  ({ schedules, boundaries }) => {
    if (boundaries.length !== schedules.length - 1)
      return ['boundaries', `one fewer than the ${schedules.length} schedules`];
    return rising(boundaries) ? undefined : ['boundaries', 'in rising order'];
  },
);

export const outline: Outline<SequenceOptions> = ({ boundaries }) =>
  [0, ...boundaries].map((from, i) => ({ from, inside: `schedules/${i}` }));
