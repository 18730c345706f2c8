import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { between, halfCosine } from '../curves/shape.ts';

export interface InfiniteOptions {
  /** Value at step 0, the highest. */
  readonly initValue: number;
  /** The value that is then held for as long as training goes on. */
  readonly constantValue: number;
  /** Steps of the cool-down from the first to the second, > 0. */
  readonly cooldownSteps: number;
  /** The way down; default inverseSqrt. */
  readonly shape?: 'inverseSqrt' | 'cosine';
  /** Of the shape inverseSqrt: how sharply it bends, the paper's α, > 0; default 10. */
  readonly sharpness?: number;
}

/**
 * Infinite learning rate: a cool-down to a constant that needs no end to be known. When a model is wanted, anneal from
 * there: the scheduler's `anneal`, or `annealFrom` with the exponential shape; then go on from before.
 *
 * @formula v(t) = initValue + (constantValue−initValue)·h(x)/h(1), x = t/cooldownSteps, for x < 1, then constantValue;
 *   inverseSqrt h(x) = 1/√(1+αx) − 1, cosine h(x) = 1−cos πx; α = sharpness
 * @start initValue
 * @end constantValue, exactly at t = cooldownSteps, and held
 * @source Ibrahim et al. 2024, "Simple and Scalable Strategies to Continually Pre-train Large Language Models",
 *   arXiv 2403.08763; Singh et al. 2025, arXiv 2503.02844
 * @example
 * infinite({ initValue: 0.3, constantValue: 0.1, cooldownSteps: 100, shape: 'cosine' })(50) // 0.2
 */
export const infinite: ScheduleDefinition<'infinite', InfiniteOptions> = /* @__PURE__ */ defineSchedule(
  'infinite',
  {
    initValue: rate,
    constantValue: rate,
    cooldownSteps: steps,
    shape: [/* @__PURE__ */ choice('inverseSqrt', 'cosine'), 'inverseSqrt'],
    sharpness: [positiveFactor, 10],
  },
  ({ initValue, constantValue, cooldownSteps, shape, sharpness }) => {
    const fallen = (x: number): number => {
      if (shape === 'cosine') return halfCosine(x);
      // 1 − 1/√(1+αx) in a form that is also exact where α is tiny.
      const root = Math.sqrt(1 + sharpness * x);
      return (sharpness * x) / (1 + root) / root;
    };
    const whole = fallen(1) || 1;
    return (step) => {
      if (step >= cooldownSteps) return constantValue;
      return between(initValue, constantValue, Math.min(1, fallen(step / cooldownSteps) / whole));
    };
  },
  ({ shape, sharpness }) =>
    sharpness !== 10 && shape !== 'inverseSqrt' ? ['sharpness', 'left out unless the shape is inverseSqrt'] : undefined,
);
