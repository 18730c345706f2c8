import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { child } from '../kinds/child.ts';
import { rate } from '../kinds/rate.ts';
import { steps } from '../kinds/steps.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { annealed, annealShape, type AnnealShape } from '../curves/annealShape.ts';

export interface AnnealFromOptions {
  /** What runs first. */
  readonly schedule: Child;
  /** The step at which the anneal begins, from the schedule's value there. */
  readonly atSteps: number;
  /** Steps of the anneal, > 0. */
  readonly decaySteps: number;
  /** The value that it goes to, upwards too; default 0. */
  readonly endValue?: number;
  /** The way there; default linear. exponential needs an end value > 0. */
  readonly shape?: AnnealShape;
}

/**
 * Leaves a schedule at some step and anneals from the value in force there.
 *
 * @formula v(t) = schedule(t) for t <= atSteps, then from schedule(atSteps) to endValue by shape at x = (t−atSteps)/decaySteps
 * @start schedule(0)
 * @end endValue, exactly at t = atSteps + decaySteps, and held
 * @source Hägele et al. 2024, "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations", arXiv 2405.18392
 *   (cool-downs from any point of a run)
 * @equivalents OLMo-core OverrideDecay; torch SWALR(swa_lr=endValue, anneal_epochs=decaySteps) after a schedule
 * @example
 * annealFrom({ schedule: 0.1, atSteps: 50, decaySteps: 10 })(55) // 0.05
 */
export const annealFrom: ScheduleDefinition<'annealFrom', AnnealFromOptions> = /* @__PURE__ */ defineSchedule(
  'annealFrom',
  {
    schedule: child,
    atSteps: stepsOrZero,
    decaySteps: steps,
    endValue: [rate, 0],
    shape: [annealShape, 'linear'],
  },
  ({ schedule, atSteps, decaySteps, endValue, shape }) => {
    const inForce = schedule(atSteps);
    return (step) => {
      const x = (step - atSteps) / decaySteps;
      return x <= 0 ? schedule(step) : x < 1 ? annealed(shape, inForce, endValue, x) : endValue;
    };
  },
  ({ shape, endValue }) =>
    shape === 'exponential' && endValue === 0 ? ['endValue', '> 0 for the exponential shape'] : undefined,
);

export const outline: Outline<AnnealFromOptions> = ({ atSteps, decaySteps }) => [
  { from: 0, inside: 'schedule' },
  { from: atSteps, name: 'anneal' },
  { from: atSteps + decaySteps, end: true },
];
