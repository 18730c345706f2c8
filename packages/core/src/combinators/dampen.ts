import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { properFraction } from '../kinds/properFraction.ts';
import { steps } from '../kinds/steps.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';

export interface DampenOptions {
  /** What is dampened. */
  readonly schedule: Child;
  /** How the factor rises to 1; default exponential. */
  readonly shape?: 'linear' | 'exponential' | 'rectified';
  /** Adam's β₂, from which the length follows where none is given; default 0.999. rectified wants it in (0.61, 0.999999). */
  readonly beta2?: number;
  /** Time constant τ in steps, > 0; default "untuned": 2/(1−β₂) for linear, 1/(1−β₂) for exponential. */
  readonly dampenSteps?: number;
}

const untuned = ({ shape, beta2 }: Pick<Resolved<DampenOptions>, 'shape' | 'beta2'>): number =>
  (shape === 'linear' ? 2 : 1) / (1 - beta2);

/**
 * Warm-up by a factor that rises while the schedule already runs; made for Adam, whose early steps are too uncertain.
 *
 * @formula v(t) = ω(t)·schedule(t); linear ω = min(1, (t+1)/τ), exponential ω = 1−e^(−(t+1)/τ), τ = dampenSteps; rectified
 *   ω = √((ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)), ρ∞ = 2/(1−β₂)−1, ρ = ρ∞ − 2nβ₂ⁿ/(1−β₂ⁿ), n = t + the first n with ρ > 4
 * @start ω(0)·schedule(0)
 * @end the schedule's: linear exactly from t = τ − 1 on, the others within rounding in the end
 * @source Ma, Yarats 2021, "On the Adequacy of Untuned Warmup for Adaptive Optimization", arXiv 1910.04209;
 *   Liu et al. 2020, "On the Variance of the Adaptive Learning Rate and Beyond", arXiv 1908.03265, algorithm 2 (rectified)
 * @equivalents pytorch_warmup LinearWarmup, ExponentialWarmup, RAdamWarmup; its untuned ones round τ down (1999 for 2000)
 * @example
 * dampen({ schedule: 0.1, shape: 'linear', dampenSteps: 10 })(4) // 0.05
 */
export const dampen: ScheduleDefinition<'dampen', DampenOptions> = /* @__PURE__ */ defineSchedule(
  'dampen',
  {
    schedule: child,
    shape: [/* @__PURE__ */ choice('linear', 'exponential', 'rectified'), 'exponential'],
    beta2: [properFraction, 0.999],
    dampenSteps: [steps, untuned],
  },
  ({ schedule, shape, beta2, dampenSteps }) => {
    const omega = {
      linear: (step: number) => Math.min(1, (step + 1) / dampenSteps),
      exponential: (step: number) => -Math.expm1(-(step + 1) / dampenSteps),
      rectified: rectification(beta2),
    }[shape];
    return (step) => omega(step) * schedule(step);
  },
  ({ shape, beta2, dampenSteps }) => {
    if (shape === 'rectified' && !(beta2 > 0.61 && beta2 < 0.999999))
      return ['beta2', 'in (0.61, 0.999999) if rectified'];
    if (dampenSteps === untuned({ shape, beta2 })) return undefined;
    if (shape === 'rectified') return ['dampenSteps', 'left out for the rectified shape'];
    return beta2 === 0.999 ? undefined : ['beta2', 'left out where dampenSteps is given'];
  },
);

function rectification(beta2: number): (step: number) => number {
  const limit = 2 / (1 - beta2) - 1;
  const log = Math.log1p(beta2 - 1);
  const rho = (n: number): number => limit + (2 * (n * Math.exp(n * log))) / Math.expm1(n * log);
  // ρ grows nearly as n at first, so ρ > 4 is reached within a few steps.
  let first = 1;
  while (first < 100 && rho(first) <= 4) first += 1;
  return (step) => {
    const r = rho(step + first);
    return Math.sqrt(((r - 4) * (r - 2) * limit) / ((limit - 4) * (limit - 2) * r));
  };
}

export const outline: Outline<DampenOptions> = () => [{ from: 0, inside: 'schedule' }];
