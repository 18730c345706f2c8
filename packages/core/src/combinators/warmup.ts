import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Resolved } from '../definition/kind.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { fraction } from '../kinds/fraction.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { between, halfCosine } from '../curves/shape.ts';

export interface WarmupOptions {
  /** How long the warm-up takes, in steps; 0 leaves the schedule as it is. */
  readonly warmupSteps: number;
  /** What is warmed up. */
  readonly schedule: Child;
  /** How the factor rises; default linear. */
  readonly shape?: 'linear' | 'exponential' | 'constant' | 'cosine' | 'power' | 'log';
  /** The exponent of the shape power, > 0: above 1 the rise comes late; default 2. */
  readonly power?: number;
  /** When the factor is 1: from step warmupSteps on (target), or at warmupSteps − 1 already (last). Default target. */
  readonly reach?: 'target' | 'last';
  /** The factor at step 0; default 0.01 for exponential, 0.1 for constant, else 1/(n+1), n the steps that the rise takes. */
  readonly startFactor?: number;
  /** prefix: the schedule's clock starts when the warm-up ends; overlay: it runs from the start. Default prefix. */
  readonly mode?: 'prefix' | 'overlay';
}

const riseOf = ({ warmupSteps, reach }: Pick<Resolved<WarmupOptions>, 'warmupSteps' | 'reach'>): number =>
  reach === 'last' ? warmupSteps - 1 : warmupSteps;

/**
 * Warm-up: the rate rises from a fraction of the schedule's value to all of it.
 *
 * By default it stands before the schedule, whose own clock starts when the warm-up ends. The default start gives update
 * t of the linear shape the factor (t+1)/(warmupSteps+1): no update is wasted at 0 and none repeats the peak.
 *
 * @formula v(t) = F(t/n)·schedule(0) for t < n, schedule(max(0, t−warmupSteps)) after; overlay: F(t/n)·schedule(t), then
 *   schedule(t); n = warmupSteps (reach "last": warmupSteps−1), f = startFactor, F(x) = f + (1−f)·s(x); linear s = x,
 *   cosine s = ½(1−cos πx), power s = x^power, log s = ln(1+nx)/ln(1+n), constant s = 0; exponential F(x) = f^(1−x)
 * @start startFactor · schedule(0)
 * @end schedule(0) exactly at t = warmupSteps; overlay: schedule(warmupSteps)
 * @source Goyal et al. 2017, "Accurate, Large Minibatch SGD", arXiv 1706.02677, section 2.2 (constant and gradual warm-up)
 * @equivalents torch SequentialLR([LinearLR(...), ...]); `startFactor: 0` is the habit of transformers and TensorFlow;
 *   torchtitan's (t+1)/W is `reach: "last"`; DeepSpeed's log warm-up is `shape: "log", reach: "last", startFactor: 0`
 * @example
 * warmup({ warmupSteps: 9, schedule: 0.1 })(0) // 0.01
 */
export const warmup: ScheduleDefinition<'warmup', WarmupOptions> = /* @__PURE__ */ defineSchedule(
  'warmup',
  {
    warmupSteps: stepsOrZero,
    schedule: child,
    shape: [/* @__PURE__ */ choice('linear', 'exponential', 'constant', 'cosine', 'power', 'log'), 'linear'],
    power: [positiveFactor, 2],
    reach: [/* @__PURE__ */ choice('target', 'last'), 'target'],
    startFactor: [
      fraction,
      (options: Resolved<WarmupOptions>) =>
        ({ exponential: 0.01, constant: 0.1 })[options.shape as string] ?? 1 / (Math.max(0, riseOf(options)) + 1),
    ],
    mode: [/* @__PURE__ */ choice('prefix', 'overlay'), 'prefix'],
  },
  ({ warmupSteps, schedule, shape, power, reach, startFactor, mode }) => {
    const rise = riseOf({ warmupSteps, reach });
    const factorAt = {
      linear: (x: number) => between(startFactor, 1, x),
      exponential: (x: number) => startFactor ** (1 - x),
      constant: () => startFactor,
      cosine: (x: number) => between(startFactor, 1, halfCosine(x)),
      power: (x: number) => between(startFactor, 1, x ** power),
      log: (x: number) => between(startFactor, 1, Math.log1p(rise * x) / Math.log1p(rise)),
    }[shape];
    if (mode === 'overlay') return (step) => (step < rise ? factorAt(step / rise) * schedule(step) : schedule(step));
    const first = schedule(0);
    return (step) => (step < rise ? factorAt(step / rise) * first : schedule(Math.max(0, step - warmupSteps)));
  },
  ({ shape, power, startFactor }) => {
    if (power !== 2 && shape !== 'power') return ['power', 'left out unless the shape is power'];
    return shape === 'exponential' && startFactor === 0 ? ['startFactor', '> 0 for the exponential shape'] : undefined;
  },
);

export const outline: Outline<WarmupOptions> = ({ warmupSteps, shape, mode }) => [
  { from: 0, name: 'warmup' },
  { from: warmupSteps, inside: 'schedule', enters: mode === 'overlay' ? warmupSteps : 0, jumps: shape === 'constant' },
];
