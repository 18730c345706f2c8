import { bounded, defineSchedule, type Child, type ScheduleDefinition, type SpecOf } from '@anneal/core';
import { child, choice, count, factor, positiveFactor } from '@anneal/core/kinds';
import { MersenneTwister } from './mersenneTwister.ts';

/** From t on for ever, or from the first t to before the second. */
export type NoiseRange = number | readonly [from: number, until: number];

export interface TimmNoiseOptions {
  readonly schedule: Child;
  /** First step with noise; default 0. */
  readonly fromSteps?: number;
  /** First step without noise again; default never. */
  readonly untilSteps?: number;
  /** normal: a Gaussian, drawn again until it is below the limit; uniform: anywhere within the limit. Default normal. */
  readonly shape?: 'normal' | 'uniform';
  /** Bound on the relative noise, > 0; default 0.67. */
  readonly limitFactor?: number;
  /** Standard deviation of the normal noise; default 1. */
  readonly deviationFactor?: number;
  /** Step t draws from a generator that is seeded with seed + t; default 42. */
  readonly seed?: number;
}

declare module '@anneal/core' {
  interface ScheduleSpecs {
    readonly timmNoise: SpecOf<'timmNoise', TimmNoiseOptions>;
  }
}

/**
 * The noise of timm's schedulers, draw for draw: PyTorch's generator, seeded anew at each step.
 *
 * Core does not know it: `parsePlan` of `@anneal/compat` reads it, or a parser that is told of it,
 * `createParser([cosineDecay, timmNoise])`.
 *
 * @formula v(t) = schedule(t)·(1+n) for fromSteps <= t < untilSteps, else schedule(t); normal n = deviationFactor·g, g a float32
 *   Gaussian by Box and Muller, drawn until |n| < limitFactor; uniform n = limitFactor·2(u−½), u a float32 in [0, 1)
 * @start schedule(0), with noise if fromSteps is 0
 * @end the schedule's, with noise where untilSteps is not given
 * @source timm 1.0.31, timm/scheduler/scheduler.py; PyTorch 2.13, ATen/core/DistributionsHelper.h
 * @example
 * timmNoise({ schedule: 0.1, fromSteps: 10 })(9) // 0.1
 */
export const timmNoise: ScheduleDefinition<'timmNoise', TimmNoiseOptions> = /* @__PURE__ */ defineSchedule(
  'timmNoise',
  {
    schedule: child,
    fromSteps: [count, 0],
    untilSteps: [count, Number.MAX_SAFE_INTEGER],
    shape: [/* @__PURE__ */ choice('normal', 'uniform'), 'normal'],
    limitFactor: [positiveFactor, 0.67],
    deviationFactor: [factor, 1],
    seed: [count, 42],
  },
  ({ schedule, fromSteps, untilSteps, shape, limitFactor, deviationFactor, seed }) => {
    const generator = new MersenneTwister();
    // 53 bits: the low 21 of one word above all of the next
    const uniform53 = (): number => {
      const high = generator.next() & 0x1fffff;
      return (high * 2 ** 32 + generator.next()) * 2 ** -53;
    };
    const normal = (): number => {
      for (;;) {
        const angle = 2 * Math.PI * uniform53();
        const radius = Math.sqrt(-2 * Math.log1p(-uniform53()));
        const first = Math.fround(radius * Math.cos(angle)) * deviationFactor;
        if (Math.abs(first) < limitFactor) return first;
        const second = Math.fround(radius * Math.sin(angle)) * deviationFactor;
        if (Math.abs(second) < limitFactor) return second;
      }
    };
    const draw =
      shape === 'normal' ? normal : (): number => 2 * ((generator.next() & 0xffffff) * 2 ** -24 - 0.5) * limitFactor;
    return (step) => {
      const value = schedule(step);
      if (step < fromSteps || step >= untilSteps) return value;
      generator.seed(seed + Math.floor(step));
      return bounded(value + value * draw());
    };
  },
  // Below that a value takes more than a thousand draws: timm would seem to hang.
  ({ shape, limitFactor, deviationFactor }) =>
    shape === 'normal' && limitFactor < deviationFactor / 1000
      ? ['limitFactor', 'at least a thousandth of deviationFactor']
      : undefined,
);
