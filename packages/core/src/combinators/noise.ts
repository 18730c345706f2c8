import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { properFraction } from '../kinds/properFraction.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';
import { hashed } from '../numerics/hashed.ts';

export interface NoiseOptions {
  /** What is disturbed. */
  readonly schedule: Child;
  /** The largest disturbance as a share of the value, in [0, 1). */
  readonly amount: number;
  /** Which random numbers: the same seed gives the same value at the same step; default 0. */
  readonly seed?: number;
  /** uniform in ±amount, or normal with standard deviation amount/2, redrawn beyond ±amount; default uniform. */
  readonly distribution?: 'uniform' | 'normal';
  /** The step at which the noise begins; default 0. */
  readonly fromSteps?: number;
  /** The step at which it ends, itself without noise; default never. */
  readonly untilSteps?: number;
}

/**
 * A schedule with random disturbances, which are a function of seed and step: evaluation stays pure and random access.
 *
 * @formula v(t) = schedule(t)·(1 + n(seed, ⌊t⌋)) for fromSteps <= t < untilSteps, else schedule(t)
 * @start schedule(0), disturbed if fromSteps is 0
 * @end the schedule's, disturbed unless untilSteps is given
 * @source random numbers: the integer hash "lowbias32" of C. Wellons' hash-prospector; normal ones by Box, Muller 1958
 * @equivalents timm's lr_noise in kind, not in its random numbers
 * @example
 * noise({ schedule: 0.1, amount: 0.5, fromSteps: 10 })(9) // 0.1
 */
export const noise: ScheduleDefinition<'noise', NoiseOptions> = /* @__PURE__ */ defineSchedule(
  'noise',
  {
    schedule: child,
    amount: properFraction,
    seed: [count, 0],
    distribution: [/* @__PURE__ */ choice('uniform', 'normal'), 'uniform'],
    fromSteps: [stepsOrZero, 0],
    untilSteps: [stepsOrZero, Number.MAX_VALUE],
  },
  ({ schedule, amount, seed, distribution, fromSteps, untilSteps }) => {
    const uniform = (step: number): number => 2 * hashed(seed, step, 0) - 1;
    const normal = (step: number): number => {
      // 19 of 20 draws lie within two standard deviations; 16 in a row beyond are as good as impossible.
      for (let draw = 0; draw < 32; draw += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - hashed(seed, step, draw)));
        const n = (radius * Math.cos(2 * Math.PI * hashed(seed, step, draw + 1))) / 2;
        if (Math.abs(n) <= 1) return n;
      }
      return 0;
    };
    const draw = distribution === 'uniform' ? uniform : normal;
    return (step) => {
      const value = schedule(step);
      return step >= fromSteps && step < untilSteps ? bounded(value * (1 + amount * draw(Math.floor(step)))) : value;
    };
  },
  ({ fromSteps, untilSteps }) => (untilSteps > fromSteps ? undefined : ['untilSteps', 'a number > fromSteps']),
);

export const outline: Outline<NoiseOptions> = () => [{ from: 0, inside: 'schedule' }];
