import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { integer } from '../kinds/integer.ts';
import { factor } from '../kinds/factor.ts';
import { growth } from '../kinds/growth.ts';
import { steps } from '../kinds/steps.ts';
import type { Outline, Part } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { geometric } from '../numerics/bounded.ts';
import { cycles } from '../numerics/cycles.ts';

export interface RepeatOptions {
  /** What is repeated: its first `cycleSteps` steps. */
  readonly schedule: Child;
  /** Steps of the first cycle, >= 1. */
  readonly cycleSteps: number;
  /** What each cycle stretches the one before by, in [1, 1000]; default 1. */
  readonly cycleFactor?: number;
  /** What each cycle multiplies the values of the one before by, >= 0; default 1. */
  readonly decayFactor?: number;
  /** How many cycles there are, >= 1; after them the last value of the last is held. Default no limit. */
  readonly cycleLimit?: number;
}

/**
 * A schedule again and again, each time perhaps longer and lower.
 *
 * @formula v(t) = decayFactor^i · schedule(τ/cycleFactor^i) in cycle i of cycleSteps·cycleFactor^i steps, τ steps after
 *   its begin
 * @start schedule(0)
 * @end none: it repeats; with cycleLimit n decayFactor^(n−1)·schedule(cycleSteps), held
 * @source Huang et al. 2017, "Snapshot Ensembles: Train 1, Get M for Free", arXiv 1704.00109 (one schedule again and again)
 * @equivalents ParameterSchedulers.jl Loop; WSD-S is `repeat` around `stableDecay`
 * @example
 * repeat({ schedule: linear({ initValue: 1, decaySteps: 10 }), cycleSteps: 10 })(25) // 0.5
 */
export const repeat: ScheduleDefinition<'repeat', RepeatOptions> = /* @__PURE__ */ defineSchedule(
  'repeat',
  {
    schedule: child,
    cycleSteps: steps,
    cycleFactor: [growth, 1],
    decayFactor: [factor, 1],
    cycleLimit: [integer, Number.MAX_SAFE_INTEGER],
  },
  ({ schedule, cycleSteps, cycleFactor, decayFactor, cycleLimit }) => {
    const { index, start, stretch } = cycles(cycleSteps, cycleFactor);
    return (step) => {
      const i = index(step);
      if (i >= cycleLimit) return geometric(schedule(cycleSteps), decayFactor, cycleLimit - 1);
      return geometric(schedule(Math.min(cycleSteps, (step - start(i)) / stretch(i))), decayFactor, i);
    };
  },
  ({ cycleSteps }) => (cycleSteps < 1 ? ['cycleSteps', 'a number >= 1'] : undefined),
);

export const outline: Outline<RepeatOptions> = ({ cycleSteps, cycleFactor = 1, cycleLimit = Infinity }, until) => {
  const parts: Part[] = [];
  let [from, unit] = [0, 1];
  // More cycles than these say nothing to anybody.
  for (let i = 0; i < Math.min(cycleLimit, 1000) && from < until; i += 1) {
    parts.push({ from, inside: 'schedule', unit, jumps: true });
    from += cycleSteps * unit;
    unit *= cycleFactor;
  }
  return from < until ? [...parts, { from, end: true }] : parts;
};
