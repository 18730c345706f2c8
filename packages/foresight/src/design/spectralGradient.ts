/** A function over the points of a convex set that can be projected on. */
export interface Constrained {
  value(x: Float64Array): number;
  slopes(x: Float64Array): Float64Array;
  /** The nearest point of the set. */
  project(x: Float64Array): Float64Array;
}

/**
 * Goes down inside a convex set by the spectral projected gradient: steps whose length is the inverse of the curvature met last, taken
 * where they are below the largest of the last ten values.
 *
 * @source Birgin, Martínez, Raydan 2000, Nonmonotone Spectral Projected Gradient Methods on Convex Sets, algorithm SPG2.
 */
export function spectralGradient(problem: Constrained, start: Float64Array, rounds: number): Float64Array {
  let x = problem.project(start);
  let value = problem.value(x);
  let slopes = problem.slopes(x);
  let best = { x, value };
  let mark = { value, round: 0 };
  const recent = [value];
  const steepest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const size = x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  let length = steepest > 0 ? (0.1 * size) / steepest : 1;
  for (let round = 0; round < rounds; round += 1) {
    const target = problem.project(x.map((one, i) => one - length * slopes[i]!));
    const way = target.map((one, i) => one - x[i]!);
    const fall = way.reduce((sum, one, i) => sum + one * slopes[i]!, 0);
    // Nothing inside the set goes down from here.
    if (!(fall < -1e-15 * Math.abs(value))) break;
    let part = 1;
    let next = target;
    let nextValue = problem.value(next);
    const above = Math.max(...recent);
    while (!(nextValue <= above + 1e-4 * part * fall) && part > 1e-12) {
      part /= 2;
      next = x.map((one, i) => one + part * way[i]!);
      nextValue = problem.value(next);
    }
    if (!(nextValue < Infinity)) break;
    const nextSlopes = problem.slopes(next);
    let [bent, moved] = [0, 0];
    for (let i = 0; i < x.length; i += 1) {
      const step = next[i]! - x[i]!;
      moved += step * step;
      bent += step * (nextSlopes[i]! - slopes[i]!);
    }
    length = bent > 0 ? Math.min(Math.max(moved / bent, 1e-30), 1e30) : 10 * length;
    [x, value, slopes] = [next, nextValue, nextSlopes];
    recent.push(value);
    if (recent.length > 10) recent.shift();
    if (value < best.value) best = { x, value };
    if (best.value < mark.value - 1e-8 * Math.abs(mark.value)) mark = { value: best.value, round };
    // A hundred rounds without a change that anybody could see.
    else if (round - mark.round > 100) break;
  }
  return best.x;
}
