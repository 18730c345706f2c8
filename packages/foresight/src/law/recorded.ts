import { mustBe, type Schedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { rates } from '../rates/rates.ts';

/** A run that was trained: its schedule, and losses measured on the way. */
export interface RecordedRun {
  readonly schedule: Schedule | number;
  /** Losses, each with the number of updates made before it was measured; rising. */
  readonly points: readonly { readonly step: number; readonly loss: number }[];
  /** For tables; default `run 1`, `run 2`, … */
  readonly name?: string;
}

/** A recorded run, checked: its rates up to its last point. */
export interface Recorded {
  readonly name: string;
  readonly rates: Float64Array;
  readonly at: Float64Array;
  readonly losses: Float64Array;
}

/** Checks recorded runs; `subject` begins the sentence. */
export function readRuns(subject: string, runs: readonly RecordedRun[]): readonly Recorded[] {
  if (!Array.isArray(runs) || runs.length === 0) mustBe(subject, 'runs', 'a list of at least 1 recorded run', runs);
  return runs.map((run, index) => {
    const name = run.name ?? `run ${index + 1}`;
    const where = `${subject}: ${name}`;
    checkKeys(where, ['schedule', 'points', 'name'], run);
    const { points, schedule } = run;
    if (!Array.isArray(points) || points.length === 0)
      mustBe(where, 'points', 'a list of at least 1 { step, loss }', points);
    for (const [i, { step, loss }] of points.entries()) {
      const before = i === 0 ? 0 : points[i - 1]!.step;
      if (!(Number.isInteger(step) && step > before))
        mustBe(
          where,
          `points/${i}/step`,
          `an integer > ${before}, the updates made before the loss was measured`,
          step,
        );
      if (!(typeof loss === 'number' && loss > 0 && loss < Infinity))
        mustBe(where, `points/${i}/loss`, 'a finite number > 0', loss);
    }
    const at = Float64Array.from(points, ({ step }) => step);
    return {
      name,
      rates: rates(where, schedule, at.at(-1)!),
      at,
      losses: Float64Array.from(points, ({ loss }) => loss),
    };
  });
}
