import type { Run } from './run.ts';
import { nonIncreasing } from './nonIncreasing.ts';
import type { Objective } from './objective.ts';
import { spectralGradient } from './spectralGradient.ts';

/** From few knots, where the first shape is found, to as many as a table may have: more say nothing more. */
const levels = [12, 50, 200];
const rounds = 1500;

/** A shape: values at knots between which rates are linear; the first ends the warm-up, the last is the last update. */
export interface Shape {
  readonly knots: readonly number[];
  readonly values: Float64Array;
}

/** The best of all shapes. */
export function freeShape(run: Run, monotone: boolean): Shape {
  const { steps, warmupSteps, peak, objective } = run;
  // Without a peak, shapes are sought up to 1 and the scale apart, where a formula says it; else every rate for itself.
  const scaled = peak === undefined && objective.bestScale !== undefined;
  const sought: Sought = {
    ...run,
    monotone,
    high: peak ?? (scaled ? 1 : Infinity),
    endValue: scaled ? undefined : run.endValue,
    objective: scaled ? atBestScale(objective) : objective,
  };
  let best: Shape | undefined;
  for (const level of levels) {
    const count = Math.min(level, steps - warmupSteps);
    if (best !== undefined && count <= best.values.length) break;
    best = refined(sought, count, best);
  }
  const { knots, values } = best!;
  const scale = scaled ? objective.bestScale(spreader(knots, steps, warmupSteps).rates(values)) : 1;
  return { knots, values: values.map((value) => scale * value) };
}

interface Sought extends Run {
  readonly monotone: boolean;
  readonly high: number;
}

/** The best shape of so many knots, from the best one of fewer, or from three plain ones. */
function refined(sought: Sought, count: number, coarser: Shape | undefined): Shape {
  const { steps, warmupSteps, endValue, objective, monotone, high } = sought;
  const knots = knotsOf(count, steps, warmupSteps);
  const spread = spreader(knots, steps, warmupSteps);
  const problem = {
    value: (values: Float64Array) => objective.value(spread.rates(values)),
    slopes: (values: Float64Array) => spread.slopes(objective.slopes(spread.rates(values))),
    project(values: Float64Array) {
      const projected = monotone
        ? nonIncreasing(values, endValue ?? 0, high)
        : values.map((value) => Math.min(high, Math.max(0, value)));
      if (endValue !== undefined) projected[count - 1] = endValue;
      return projected;
    },
  };
  const starts = coarser === undefined ? plain(problem.value, count, high) : [atKnots(coarser, knots, sought)];
  const ends = starts.map((start) => spectralGradient(problem, start, rounds));
  const best = ends.reduce((least, one) => (problem.value(one) < problem.value(least) ? one : least));
  return { knots, values: best };
}

function knotsOf(count: number, steps: number, warmupSteps: number): readonly number[] {
  if (count === 1) return [warmupSteps];
  return Array.from(
    { length: count },
    (_, i) => warmupSteps + Math.round((i * (steps - 1 - warmupSteps)) / (count - 1)),
  );
}

function atKnots({ knots, values }: Shape, finer: readonly number[], { steps, warmupSteps }: Run): Float64Array {
  const rates = spreader(knots, steps, warmupSteps).rates(values);
  return Float64Array.from(finer, (knot) => rates[knot]!);
}

/** Linear, held and then linear, and square decays; where any height may be, the one at which the objective is least. */
function plain(value: (x: Float64Array) => number, count: number, high: number): readonly Float64Array[] {
  const shapes: readonly ((x: number) => number)[] = [
    (x) => 1 - x + x / count,
    (x) => Math.min(1, 5 * (1 - x) + x / count),
    (x) => 0.1 + 0.9 * (1 - x) ** 2,
  ];
  const heights = high < Infinity ? [high] : Array.from({ length: 60 }, (_, i) => 10 ** (2 - i / 10));
  return shapes.map((shape) => {
    const unit = Float64Array.from({ length: count }, (_, i) => shape(count === 1 ? 0 : i / (count - 1)));
    const tried = heights.map((height) => unit.map((one) => height * one));
    return tried.map((x) => ({ x, value: value(x) })).reduce((least, one) => (one.value < least.value ? one : least)).x;
  });
}

/** The objective of a shape with the scale that is best for it; its slopes are those at that scale (the envelope theorem). */
function atBestScale(objective: Objective): Objective {
  const scaled = (etas: Float64Array): { readonly scale: number; readonly rates: Float64Array } => {
    const scale = objective.bestScale!(etas);
    return { scale, rates: etas.map((eta) => scale * eta) };
  };
  return {
    ...objective,
    value: (etas) => objective.value(scaled(etas).rates),
    slopes(etas) {
      const { scale, rates } = scaled(etas);
      return objective.slopes(rates).map((slope) => scale * slope);
    },
  };
}

/** Rates from values at knots, and slopes by values from slopes by rates. */
function spreader(
  knots: readonly number[],
  steps: number,
  warmupSteps: number,
): { rates(values: Float64Array): Float64Array; slopes(byRates: Float64Array): Float64Array } {
  // Rate t is (1 − w)·value[i] + w·value[i + 1]; in the warm-up a share of value 0.
  const index = new Uint32Array(steps);
  const share = new Float64Array(steps);
  for (let t = warmupSteps, i = 0; t < steps; t += 1) {
    while (i + 1 < knots.length && knots[i + 1]! <= t) i += 1;
    index[t] = i;
    share[t] = i + 1 < knots.length ? (t - knots[i]!) / (knots[i + 1]! - knots[i]!) : 0;
  }
  const rise = (t: number): number => (t + 1) / (warmupSteps + 1);
  return {
    rates: (values) =>
      Float64Array.from({ length: steps }, (_, t) => {
        if (t < warmupSteps) return rise(t) * values[0]!;
        const [i, w] = [index[t]!, share[t]!];
        return w === 0 ? values[i]! : values[i]! * (1 - w) + values[i + 1]! * w;
      }),
    slopes(byRates) {
      const slopes = new Float64Array(knots.length);
      for (let t = 0; t < steps; t += 1) {
        if (t < warmupSteps) slopes[0]! += rise(t) * byRates[t]!;
        else {
          const [i, w] = [index[t]!, share[t]!];
          slopes[i]! += (1 - w) * byRates[t]!;
          if (w > 0) slopes[i + 1]! += w * byRates[t]!;
        }
      }
      return slopes;
    },
  };
}
