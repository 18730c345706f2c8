import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { choice } from '../kinds/choice.ts';
import { factor } from '../kinds/factor.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { bounded } from '../numerics/bounded.ts';
import { remainder } from '../numerics/remainder.ts';
import { between, halfCosine } from '../curves/shape.ts';

export interface CyclicOptions {
  /** Value at step 0, and between cycles. */
  readonly initValue: number;
  /** Value at the height of the first cycle; below `initValue` for a momentum that falls as the rate rises. */
  readonly peakValue: number;
  /** Steps from `initValue` to the height, > 0. */
  readonly upSteps: number;
  /** Steps back, 0 for a jump; default `upSteps`. */
  readonly downSteps?: number;
  /** The way up and down: straight lines, smooth at both ends, or smooth at the height only. Default linear. */
  readonly shape?: 'linear' | 'cosine' | 'sine';
  /** What each cycle multiplies the height by, >= 0; default 1, "triangular2" is 0.5. */
  readonly cycleFactor?: number;
  /** What each step multiplies the height by, >= 0; default 1, otherwise it is "exp_range". */
  readonly gamma?: number;
}

/**
 * Cyclical rates: up and down between two values, for ever; later cycles may be lower.
 *
 * @formula v(t) = initValue + (peakValue−initValue)·s(p)·cycleFactor^⌊t/(up+down)⌋·gamma^t, where p rises from 0 to 1 in
 *   upSteps and falls to 0 in downSteps; linear s = p, cosine s = ½(1−cos πp), sine s = sin(½πp)
 * @start initValue
 * @end none: it goes on, and is at initValue at every multiple of upSteps + downSteps
 * @source Smith 2017, "Cyclical Learning Rates for Training Neural Networks", arXiv 1506.01186, section 3
 * @equivalents torch CyclicLR(base_lr, max_lr, step_size_up, step_size_down), mode triangular2 (cycleFactor 0.5) and
 *   exp_range (gamma); ParameterSchedulers.jl Triangle, TriangleDecay2, TriangleExp, and Sin, SinDecay2, SinExp (sine)
 * @example
 * cyclic({ initValue: 0.25, peakValue: 0.75, upSteps: 10 })(5) // 0.5
 */
export const cyclic: ScheduleDefinition<'cyclic', CyclicOptions> = /* @__PURE__ */ defineSchedule(
  'cyclic',
  {
    initValue: rate,
    peakValue: rate,
    upSteps: steps,
    downSteps: [stepsOrZero, ({ upSteps }: Resolved<CyclicOptions>) => upSteps],
    shape: [/* @__PURE__ */ choice('linear', 'cosine', 'sine'), 'linear'],
    cycleFactor: [factor, 1],
    gamma: [factor, 1],
  },
  ({ initValue, peakValue, upSteps, downSteps, shape, cycleFactor, gamma }) => {
    const total = bounded(upSteps + downSteps);
    const progress = (at: number): number => {
      const p = at <= upSteps ? at / upSteps : (total - at) / downSteps;
      if (shape === 'linear') return p;
      return shape === 'sine' ? Math.sin((Math.PI * p) / 2) : halfCosine(p);
    };
    if (cycleFactor === 1 && gamma === 1)
      return (step) => between(initValue, peakValue, progress(remainder(step, total)));
    return (step) => {
      const at = remainder(step, total);
      const cycles = bounded(cycleFactor ** bounded(Math.round((step - at) / total)));
      const height = bounded(cycles * bounded(gamma ** step));
      const x = bounded(progress(at) * height);
      // Above the first peak both terms of the mean would be larger than their sum.
      return x <= 1 ? between(initValue, peakValue, x) : bounded(initValue + (peakValue - initValue) * x);
    };
  },
  ({ initValue, peakValue, cycleFactor, gamma }) =>
    peakValue < initValue && Math.max(cycleFactor, gamma) > 1
      ? [gamma > 1 ? 'gamma' : 'cycleFactor', 'at most 1 where peakValue < initValue, or it falls below 0']
      : undefined,
);
