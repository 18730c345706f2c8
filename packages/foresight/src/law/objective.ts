import type { Course } from './course.ts';
import type { LossLaw } from './lossLaw.ts';

/** A recorded run as a fit sees it; rates are shares of the peak. */
export interface Observed {
  readonly course: Course;
  /** ln of the loss at each point. */
  readonly logs: Float64Array;
  /** How much each point counts: 0 for one that is left out. */
  readonly weights: Float64Array;
}

/** A pull of ln p towards ln lean, of a strength for each parameter. */
export interface Leaning {
  readonly towards: Float64Array;
  readonly strength: Float64Array;
}

/** The objective at ln p; with its gradient and the Gauss–Newton matrix, row by row. */
export interface Point {
  readonly logs: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

/** Where Huber's loss turns from square to straight, in logarithms of the loss: a tenth of a percent. */
export const delta = 1e-3;

/** Huber's loss: r²/2 up to δ, then δ(|r| − δ/2). */
export const huber = (r: number): number => (Math.abs(r) <= delta ? (r * r) / 2 : delta * (Math.abs(r) - delta / 2));

/** ln predicted − ln measured at each point of a run; NaN where the prediction has no logarithm. */
export function errorsOf(law: LossLaw, { course, logs: measured }: Observed, logs: Float64Array): Float64Array {
  const loss = new Float64Array(measured.length);
  law.evaluate(course, logs.map(Math.exp), loss);
  return loss.map((value, i) => Math.log(value) - measured[i]!);
}

/** Σ huber(ln predicted − ln measured) over all points of all runs, and the leaning. */
export function objective(
  law: LossLaw,
  runs: readonly Observed[],
  { towards, strength }: Leaning,
  logs: Float64Array,
): Point {
  const count = logs.length;
  const parameters = logs.map(Math.exp);
  const gradient = new Float64Array(count);
  const curvature = new Float64Array(count * count);
  let value = 0;
  for (const { course, logs: measured, weights } of runs) {
    const loss = new Float64Array(measured.length);
    const slopes = new Float64Array(count * measured.length);
    law.evaluate(course, parameters, loss, slopes);
    for (let i = 0; i < measured.length; i += 1) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      const predicted = loss[i]!;
      // A loss that is not > 0 has no logarithm: no step may lead there.
      if (!(predicted > 0)) return { logs, value: Infinity, gradient, curvature };
      const r = Math.log(predicted) - measured[i]!;
      value += weight * huber(r);
      const w = weight * Math.min(1, delta / Math.abs(r));
      for (let a = 0; a < count; a += 1) {
        const slope = (w * slopes[count * i + a]!) / predicted;
        gradient[a]! += slope * r;
        for (let b = 0; b <= a; b += 1) curvature[a * count + b]! += (slope * slopes[count * i + b]!) / predicted;
      }
    }
  }
  for (let a = 0; a < count; a += 1) {
    const away = logs[a]! - towards[a]!;
    value += (strength[a]! * away * away) / 2;
    gradient[a]! += strength[a]! * away;
    curvature[a * count + a]! += strength[a]!;
    for (let b = a + 1; b < count; b += 1) curvature[a * count + b] = curvature[b * count + a]!;
  }
  return { logs, value, gradient, curvature };
}
