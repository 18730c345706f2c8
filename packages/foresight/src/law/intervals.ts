import { courseOf } from './course.ts';
import type { LossLaw } from './lossLaw.ts';
import { uniforms } from './uniforms.ts';

/** What a prediction's interval is made of: the parameters of each replicate, and errors where a fit has not looked. */
export interface Uncertainty {
  readonly replicates: readonly (readonly number[])[];
  readonly errors: Float64Array;
  readonly seed: number;
}

/**
 * Between which losses a share `level` of measured ones is expected at each point: each replicate predicts, and an error drawn
 * from those on ends of runs that were left out is laid over it, of either sign.
 */
export function interval(
  law: LossLaw,
  { replicates, errors, seed }: Uncertainty,
  etas: Float64Array,
  at: Float64Array,
  level: number,
): { readonly low: Float64Array; readonly high: Float64Array } {
  const uniform = uniforms(seed);
  // Far finer than the replicates differ.
  const course = courseOf(etas, at, 4);
  const curves = replicates.map((parameters) => {
    const loss = new Float64Array(at.length);
    law.evaluate(course, parameters, loss);
    return loss.map(
      (value) => value * Math.exp((uniform() < 0.5 ? -1 : 1) * errors[Math.floor(uniform() * errors.length)]!),
    );
  });
  const edge = (share: number): Float64Array =>
    at.map((_, i) =>
      quantile(
        curves.map((curve) => curve[i]!),
        share,
      ),
    );
  return { low: edge((1 - level) / 2), high: edge((1 + level) / 2) };
}

/** The quantile by linear interpolation between order statistics; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [below, above] = [sorted[low] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return below + (above - below) * (place - low);
}
