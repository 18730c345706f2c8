import type { Schedule } from '../schedule.ts';

/** A value and the first step that has it. */
export interface Extremum {
  readonly step: number;
  readonly value: number;
}

/**
 * The lowest and the highest value that the updates `start` to `start + steps − 1` see, each with the first step that
 * has it. NaN is neither; where every value is NaN, or `steps` is 0, both are NaN at `start`.
 *
 * @example
 * extrema(warmup({ warmupSteps: 9, schedule: 0.1 }), 100).highest; // { step: 9, value: 0.1 }
 */
export function extrema(schedule: Schedule, steps: number, start = 0): { lowest: Extremum; highest: Extremum } {
  let lowest: Extremum = { step: start, value: Number.NaN };
  let highest = lowest;
  for (let step = start; step < start + steps; step += 1) {
    const value = schedule(step);
    if (Number.isNaN(value)) continue;
    if (!(value >= lowest.value)) lowest = { step, value };
    if (!(value <= highest.value)) highest = { step, value };
  }
  return { lowest, highest };
}
