import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { integer } from '../kinds/integer.ts';
import { list } from '../kinds/list.ts';
import { rate } from '../kinds/rate.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

/** How a part of a recurrence changes the value. */
export type RecurrenceRule = 'ratio' | 'multiply' | 'replace' | 'approach';

export interface RecurrenceOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Steps that are computed, at most a million; from there on the value is held. */
  readonly lengthSteps: number;
  /** The parts, applied in order at every step; all see the same step. */
  readonly schedules: readonly Child[];
  /** What each part does with the value. */
  readonly rules: readonly RecurrenceRule[];
  /** The floor η of each part with the rule ratio or approach; default 0 for all. */
  readonly floorValues?: readonly number[];
  /** The first step at which each part acts; default 0 for all. */
  readonly fromSteps?: readonly number[];
  /** The step from which on each part acts no more; default never. */
  readonly untilSteps?: readonly number[];
}

/**
 * A value that each step makes from the one before: what chained PyTorch schedulers compute.
 *
 * The one schedule that is no formula of its step: it is computed once, up to the step asked for, and kept (8 bytes a
 * step). Elsewhere `multiply` says what is meant. The value may fall below 0, as PyTorch's does.
 *
 * @formula v(0) = initValue, v(t) = the parts applied to v(t−1), with S(t) = schedules[i](t), η = floorValues[i]: multiply
 *   v·S(t); replace S(t); ratio η + (v−η)·S(t)/S(t−1), where S(t−1) = 0 v + S(t) − S(t−1); approach as ratio, but there η
 * @start initValue
 * @end v(lengthSteps), held
 * @equivalents torch ChainedScheduler of schedulers whose get_lr reads the optimizer's rate
 * @example
 * recurrence({ initValue: 1, lengthSteps: 10, schedules: [0.5], rules: ['multiply'] })(3) // 0.125
 */
export const recurrence: ScheduleDefinition<'recurrence', RecurrenceOptions> = /* @__PURE__ */ defineSchedule(
  'recurrence',
  {
    initValue: rate,
    lengthSteps: integer,
    schedules: /* @__PURE__ */ list(child),
    rules: /* @__PURE__ */ list(/* @__PURE__ */ choice('ratio', 'multiply', 'replace', 'approach')),
    floorValues: [/* @__PURE__ */ list(rate), []],
    fromSteps: [/* @__PURE__ */ list(stepsOrZero), []],
    untilSteps: [/* @__PURE__ */ list(stepsOrZero), []],
  },
  ({ initValue, lengthSteps, schedules, rules, floorValues, fromSteps, untilSteps }) => {
    const values = [initValue];
    const applied = (value: number, i: number, step: number): number => {
      if (step < (fromSteps[i] ?? 0) || step >= (untilSteps[i] ?? Infinity)) return value;
      const now = schedules[i]!(step);
      const rule = rules[i]!;
      if (rule === 'replace') return now;
      if (rule === 'multiply') return value * now;
      const floor = floorValues[i] ?? 0;
      const before = schedules[i]!(step - 1);
      if (before !== 0) return floor + (value - floor) * bounded(now / before);
      return rule === 'ratio' ? value + now : floor;
    };
    return (step) => {
      const wanted = Math.min(lengthSteps, Math.floor(step));
      for (let t = values.length; t <= wanted; t += 1) {
        let value = values[t - 1]!;
        for (let i = 0; i < schedules.length; i += 1) value = bounded(applied(value, i, t));
        values.push(value);
      }
      return values[wanted]!;
    };
  },
  ({ lengthSteps, schedules, rules, ...lists }) => {
    if (lengthSteps > 1e6) return ['lengthSteps', 'at most a million'];
    const rule = `one for each of the ${schedules.length} schedules`;
    if (rules.length !== schedules.length) return ['rules', rule];
    for (const name of ['floorValues', 'fromSteps', 'untilSteps'] as const)
      if (lists[name].length !== 0 && lists[name].length !== schedules.length) return [name, rule];
    return undefined;
  },
);
