import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { list } from '../kinds/list.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

export interface MultiplyOptions {
  /** The factors; all see the same step. */
  readonly schedules: readonly Child[];
}

/**
 * The product of schedules, step by step: one gives the rate, the others modulate it.
 *
 * @formula v(t) = Π schedules[i](t)
 * @start the product of the first values
 * @end the product of the end values, from the latest end on
 * @equivalents torch ChainedScheduler, where every part only multiplies (ConstantLR, LinearLR, StepLR, ExponentialLR …)
 * @example
 * multiply({ schedules: [0.1, linear({ initValue: 1, decaySteps: 10 })] })(5) // 0.05
 */
export const multiply: ScheduleDefinition<'multiply', MultiplyOptions> = /* @__PURE__ */ defineSchedule(
  'multiply',
  { schedules: /* @__PURE__ */ list(child) },
  ({ schedules }) => {
    const [first, second, ...others] = schedules;
    // Nearly always two: each has a call site of its own, which the engine can see through.
    if (second !== undefined && others.length === 0) return (step) => bounded(first!(step) * second(step));
    return (step) => {
      let product = 1;
      for (let i = 0; i < schedules.length; i += 1) product = bounded(product * schedules[i]!(step));
      return product;
    };
  },
);

export const outline: Outline<MultiplyOptions> = ({ schedules }) => [
  { from: 0, inside: 'schedules/0', beside: schedules.slice(1).map((_, i) => `schedules/${i + 1}`) },
];
