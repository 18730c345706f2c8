import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { integer } from '../kinds/integer.ts';
import { list } from '../kinds/list.ts';
import { rate } from '../kinds/rate.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

/** How a part of a recurrence changes the value. */
export type RecurrenceRule = 'ratio' | 'multiply' | 'replace' | 'approach';

export interface RecurrenceOptions {
  /** Value at step 0. */
  readonly initValue: number;
  /** Steps that are computed, at most a million; from there on the value is held. With `periodSteps` five million. */
  readonly lengthSteps: number;
  /**
   * For the steps after `lengthSteps`: what the parts do repeats every so many steps, from `lengthSteps − periodSteps` on.
   * A part with the rule replace is asked for each step. Default 0: the value is held.
   */
  readonly periodSteps?: number;
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

/** Of every step of a period the line that leads to it from the value where the period begins. */
interface Period {
  readonly slopes: Float64Array;
  readonly shifts: Float64Array;
}

/**
 * A value that each step makes from the one before: what chained PyTorch schedulers compute.
 *
 * The one schedule that is no formula of its step: it is computed once, up to the step asked for, and kept (8 bytes a
 * step, with a period 24). Elsewhere `multiply` says what is meant. The value may fall below 0, as PyTorch's does.
 *
 * @formula v(0) = initValue, v(t) = the parts applied to v(t−1), with S(t) = schedules[i](t), η = floorValues[i]: multiply
 *   v·S(t); replace S(t); ratio η + (v−η)·S(t)/S(t−1), where S(t−1) = 0 v + S(t) − S(t−1); approach as ratio, but there η
 * @start initValue
 * @end v(lengthSteps), held; with a period none
 * @equivalents torch ChainedScheduler of schedulers whose get_lr reads the optimizer's rate
 * @example
 * recurrence({ initValue: 1, lengthSteps: 10, schedules: [0.5], rules: ['multiply'] })(3) // 0.125
 */
export const recurrence: ScheduleDefinition<'recurrence', RecurrenceOptions> = /* @__PURE__ */ defineSchedule(
  'recurrence',
  {
    initValue: rate,
    lengthSteps: integer,
    periodSteps: [count, 0],
    schedules: /* @__PURE__ */ list(child),
    rules: /* @__PURE__ */ list(/* @__PURE__ */ choice('ratio', 'multiply', 'replace', 'approach')),
    floorValues: [/* @__PURE__ */ list(rate), []],
    fromSteps: [/* @__PURE__ */ list(stepsOrZero), []],
    untilSteps: [/* @__PURE__ */ list(stepsOrZero), []],
  },
  ({ initValue, lengthSteps, periodSteps, schedules, rules, floorValues, fromSteps, untilSteps }) => {
    const values = [initValue];
    const acts = (i: number, step: number): boolean =>
      step >= (fromSteps[i] ?? 0) && step < (untilSteps[i] ?? Infinity);
    const applied = (value: number, i: number, step: number): number => {
      if (!acts(i, step)) return value;
      const now = schedules[i]!(step);
      const rule = rules[i]!;
      if (rule === 'replace') return now;
      if (rule === 'multiply') return value * now;
      const floor = floorValues[i] ?? 0;
      const before = schedules[i]!(step - 1);
      if (before !== 0) return floor + (value - floor) * bounded(now / before);
      return rule === 'ratio' ? value + now : floor;
    };
    /** The value after the parts from the i-th on have acted at a step. */
    const after = (value: number, i: number, step: number): number => {
      for (let part = i; part < schedules.length; part += 1) value = bounded(applied(value, part, step));
      return value;
    };
    const computed = (wanted: number): number => {
      for (let t = values.length; t <= wanted; t += 1) values.push(after(values[t - 1]!, 0, t));
      return values[wanted]!;
    };

    const begin = lengthSteps - periodSteps;
    let period: Period | undefined;
    /** The line v(begin) → v(begin + k) for each k of the period: every part's step is one in the value before it. */
    const repeating = (): Period => {
      const [slopes, shifts] = [new Float64Array(periodSteps + 1), new Float64Array(periodSteps + 1)];
      slopes[0] = 1;
      for (let k = 1; k <= periodSteps; k += 1) {
        let [slope, shift] = [slopes[k - 1]!, shifts[k - 1]!];
        for (let i = 0; i < schedules.length; i += 1) {
          const own = line(i, begin + k);
          [slope, shift] = [bounded(slope * own.slope), bounded(shift * own.slope + own.shift)];
        }
        [slopes[k], shifts[k]] = [slope, shift];
      }
      return { slopes, shifts };
    };
    const line = (i: number, step: number): { slope: number; shift: number } => {
      if (!acts(i, step)) return { slope: 1, shift: 0 };
      const now = schedules[i]!(step);
      const rule = rules[i]!;
      if (rule === 'replace') return { slope: 0, shift: now };
      if (rule === 'multiply') return { slope: now, shift: 0 };
      const floor = floorValues[i] ?? 0;
      const before = schedules[i]!(step - 1);
      if (before === 0) return rule === 'ratio' ? { slope: 1, shift: now } : { slope: 0, shift: floor };
      const slope = bounded(now / before);
      return { slope, shift: floor - floor * slope };
    };

    return (step) => {
      const whole = Math.floor(step);
      if (whole <= lengthSteps || periodSteps === 0) return computed(Math.min(lengthSteps, whole));
      const last = rules.findLastIndex((rule, i) => rule === 'replace' && acts(i, whole));
      if (last >= 0) return after(0, last, whole);
      period ??= repeating();
      const k = ((whole - begin - 1) % periodSteps) + 1;
      const times = (whole - begin - k) / periodSteps;
      const [slope, shift] = [period.slopes[periodSteps]!, period.shifts[periodSteps]!];
      // The line of the whole period, so many times over.
      const power = bounded(slope ** times);
      const sum = slope === 1 ? times : bounded((power - 1) / (slope - 1));
      const start = bounded(bounded(power * computed(begin)) + bounded(shift * sum));
      return bounded(bounded(period.slopes[k]! * start) + period.shifts[k]!);
    };
  },
  ({ lengthSteps, periodSteps, schedules, rules, ...lists }) => {
    if (periodSteps > lengthSteps) return ['periodSteps', 'at most lengthSteps'];
    if (periodSteps === 0 && lengthSteps > 1e6) return ['lengthSteps', 'at most a million'];
    if (lengthSteps > 5e6) return ['lengthSteps', 'at most five million'];
    const rule = `one for each of the ${schedules.length} schedules`;
    if (rules.length !== schedules.length) return ['rules', rule];
    for (const name of ['floorValues', 'fromSteps', 'untilSteps'] as const)
      if (lists[name].length !== 0 && lists[name].length !== schedules.length) return [name, rule];
    return undefined;
  },
);

/** One schedule at least goes on within; where the parts end, the whole does. */
export const outline: Outline<RecurrenceOptions> = ({ schedules }) => [
  {
    from: 0,
    name: 'recurrence',
    inside: 'schedules/0',
    beside: schedules.slice(1).map((_, i) => `schedules/${i + 1}`),
  },
];
