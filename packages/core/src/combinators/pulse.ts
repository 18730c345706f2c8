import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { steps } from '../kinds/steps.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';
import { between, halfCosine } from '../curves/shape.ts';

export interface PulseOptions {
  /** What the pulse rides on. */
  readonly schedule: Child;
  /** The step at which the pulse begins. */
  readonly atSteps: number;
  /** How long it lasts, in steps, > 0. */
  readonly pulseSteps: number;
  /** What it multiplies the schedule by at its height; above 1 it is a spike, below 1 a dip. */
  readonly peakFactor: number;
  /** rectangle: all at once; triangle: up and down in straight lines; cosine: up and down smoothly. Default rectangle. */
  readonly shape?: 'rectangle' | 'triangle' | 'cosine';
}

/**
 * A deliberate temporary spike: the rate is raised for a while, to leave a minimum that the low rate would stay in.
 *
 * @formula v(t) = schedule(t)·(1 + (peakFactor−1)·p(x)), x = (t−atSteps)/pulseSteps in [0, 1), else schedule(t);
 *   rectangle p = 1, triangle p = 1−|2x−1|, cosine p = ½(1−cos 2πx)
 * @start schedule(0), or the pulse if it begins there
 * @end the schedule's
 * @source Smith 2017, "Cyclical Learning Rates for Training Neural Networks", arXiv 1506.01186, section 3 (raising the rate may
 *   harm for a short time and help in the long run)
 * @example
 * pulse({ schedule: 0.01, atSteps: 100, pulseSteps: 20, peakFactor: 10 })(110) // 0.1
 */
export const pulse: ScheduleDefinition<'pulse', PulseOptions> = /* @__PURE__ */ defineSchedule(
  'pulse',
  {
    schedule: child,
    atSteps: stepsOrZero,
    pulseSteps: steps,
    peakFactor: positiveFactor,
    shape: [/* @__PURE__ */ choice('rectangle', 'triangle', 'cosine'), 'rectangle'],
  },
  ({ schedule, atSteps, pulseSteps, peakFactor, shape }) => {
    const height = {
      rectangle: () => 1,
      triangle: (x: number) => 1 - Math.abs(2 * x - 1),
      cosine: (x: number) => halfCosine(2 * x),
    }[shape];
    return (step) => {
      const x = (step - atSteps) / pulseSteps;
      if (step < atSteps || x >= 1) return schedule(step);
      return bounded(schedule(step) * between(1, peakFactor, height(x)));
    };
  },
);

export const outline: Outline<PulseOptions> = ({ atSteps, pulseSteps, shape = 'rectangle' }) => {
  const after = atSteps + pulseSteps;
  const jumps = shape === 'rectangle';
  return [
    { from: 0, inside: 'schedule' },
    { from: atSteps, name: 'pulse', inside: 'schedule', enters: atSteps, jumps },
    { from: after, inside: 'schedule', enters: after, jumps },
  ];
};
