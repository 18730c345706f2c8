import {
  createScheduler,
  type Horizon,
  type Metrics,
  type Plan,
  type SchedulerState,
  type StepValues,
} from '../../src/index.ts';

/** The run that every file of the corpus is read for. */
export const horizon: Horizon = { totalSteps: 1000, stepsPerEpoch: 50 };

/** What is recorded beside a file. */
export interface Recorded {
  /** The values at these steps, if nothing is reported. */
  readonly values: readonly (readonly [step: number, values: StepValues])[];
  /** Losses reported after the updates from 0 on, null for NaN, and the values that each next update used. */
  readonly reported: readonly (readonly [loss: number | null, values: StepValues])[];
  /** The scheduler's state halfway through those reports. */
  readonly state: SchedulerState;
}

const steps = [0, 1, 2, 5, 10, 37, 49, 50, 51, 99, 100, 101, 250, 499, 500, 799, 800, 999, 1000, 1001, 5000, 1e6, 1e12];

/** Falls, stays, jumps, and is once not a number: something for every controller. */
const losses = Array.from({ length: 60 }, (_, i) =>
  i === 25 ? null : i === 40 ? 9 : 2 / (1 + Math.min(i, 12)) + 0.01 * (i % 3),
);
export const half = 30;

/**
 * What 1.0 reported after an update, as runners report it now: the files leave out the names that were defaults, and the
 * spike guard's then was `loss`, of every update.
 */
export const reportOf = (loss: number | null): Metrics => ({
  loss: loss ?? Number.NaN,
  batchLoss: loss ?? Number.NaN,
});

/** Evaluates a plan as the corpus records it. */
export function sample(plan: Plan): Recorded {
  const ahead = createScheduler(plan);
  const values = steps.map((step) => [step, ahead.values(step)] as const);
  const live = createScheduler(plan);
  let state = live.state();
  const reported = losses.map((loss, i) => {
    live.advance();
    live.report(reportOf(loss));
    if (i + 1 === half) state = live.state();
    return [loss, live.values()] as const;
  });
  return { values, reported, state };
}
