import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { list } from '../kinds/list.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

export interface AddOptions {
  /** The terms; all see the same step. */
  readonly schedules: readonly Child[];
}

/**
 * The sum of schedules, step by step.
 *
 * @formula v(t) = Σ schedules[i](t)
 * @start the sum of the first values
 * @end the sum of the end values, from the latest end on
 * @example
 * add({ schedules: [0.25, linear({ initValue: 1, decaySteps: 10 })] })(5) // 0.75
 */
export const add: ScheduleDefinition<'add', AddOptions> = /* @__PURE__ */ defineSchedule(
  'add',
  { schedules: /* @__PURE__ */ list(child) },
  ({ schedules }) =>
    (step) => {
      let sum = 0;
      for (let i = 0; i < schedules.length; i += 1) sum = bounded(sum + schedules[i]!(step));
      return sum;
    },
);

export const outline: Outline<AddOptions> = ({ schedules }) => [
  { from: 0, inside: 'schedules/0', beside: schedules.slice(1).map((_, i) => `schedules/${i + 1}`) },
];
