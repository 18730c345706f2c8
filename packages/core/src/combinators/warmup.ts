import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { fraction } from '../kinds/fraction.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Child } from '../schedule.ts';

export interface WarmupOptions {
  /** How long the warm-up takes, in steps; 0 leaves the schedule as it is. */
  readonly warmupSteps: number;
  /** What is warmed up. */
  readonly schedule: Child;
  /** How the factor rises; default linear. */
  readonly shape?: 'linear' | 'exponential' | 'constant';
  /** The factor at step 0; default 1/(warmupSteps+1) for linear, 0.01 for exponential, 0.1 for constant. */
  readonly startFactor?: number;
}

const usualStart = { exponential: 0.01, constant: 0.1 };

/**
 * Warm-up: the rate rises from a fraction of the schedule's first value to all of it, then the schedule begins.
 *
 * The schedule's own clock starts when the warm-up ends. The default start of the linear shape gives update t the
 * factor (t+1)/(warmupSteps+1): no update is wasted at 0 and none repeats the peak.
 *
 * @formula v(t) = schedule(0)·F(t/warmupSteps) for t < warmupSteps, schedule(t−warmupSteps) after; with f = startFactor,
 *   linear F(x) = f + (1−f)x, exponential F(x) = f^(1−x), constant F(x) = f
 * @start startFactor · schedule(0)
 * @end schedule(0) exactly at t = warmupSteps
 * @source Goyal et al. 2017, "Accurate, Large Minibatch SGD", arXiv 1706.02677, section 2.2 (constant and gradual warm-up)
 * @equivalents torch SequentialLR([LinearLR(...), ...]); `startFactor: 0` is the habit of transformers and TensorFlow
 * @example
 * warmup({ warmupSteps: 9, schedule: 0.1 })(0) // 0.01
 */
export const warmup: ScheduleDefinition<'warmup', WarmupOptions> = /* @__PURE__ */ defineSchedule(
  'warmup',
  {
    warmupSteps: stepsOrZero,
    schedule: child,
    shape: [/* @__PURE__ */ choice('linear', 'exponential', 'constant'), 'linear'],
    startFactor: [
      fraction,
      ({ shape, warmupSteps }: Resolved<WarmupOptions>) =>
        shape === 'linear' ? 1 / (warmupSteps + 1) : usualStart[shape],
    ],
  },
  ({ warmupSteps, schedule, shape, startFactor }) => {
    const target = schedule(0);
    const rise = {
      linear: (x: number) => startFactor * (1 - x) + x,
      exponential: (x: number) => startFactor ** (1 - x),
      constant: () => startFactor,
    }[shape];
    return (step) => (step < warmupSteps ? target * rise(step / warmupSteps) : schedule(step - warmupSteps));
  },
  ({ shape, startFactor }) =>
    shape === 'exponential' && startFactor === 0 ? ['startFactor', '> 0 for the exponential shape'] : undefined,
);
