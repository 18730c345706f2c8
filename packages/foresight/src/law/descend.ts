import type { LossLaw } from './lossLaw.ts';
import { objective, type Leaning, type Observed, type Point } from './objective.ts';
import { solve } from './solve.ts';

/**
 * Goes down to a minimum of the objective from ln p, by Levenberg's and Marquardt's method with the weights of Huber's loss taken anew in
 * every round.
 *
 * @source Marquardt 1963, An Algorithm for Least-Squares Estimation of Nonlinear Parameters; Holland, Welsch 1977 (reweighting).
 */
export function descend(
  law: LossLaw,
  runs: readonly Observed[],
  leaning: Leaning,
  start: Float64Array,
  { rounds = 200, tolerance = 1e-8 }: { readonly rounds?: number; readonly tolerance?: number } = {},
): Point {
  let point = objective(law, runs, leaning, start);
  const count = start.length;
  let damping = 1e-3;
  for (let round = 0; round < rounds && damping < 1e12; round += 1) {
    const damped = point.curvature.slice();
    for (let i = 0; i < count; i += 1) damped[i * count + i] = damped[i * count + i]! * (1 + damping) + 1e-18;
    const step = solve(damped, point.gradient);
    const longest = step?.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (step === undefined || !(longest! < Infinity)) {
      damping *= 10;
      continue;
    }
    // No parameter changes by more than a factor of e at once.
    const short = Math.min(1, 1 / longest!);
    const next = objective(
      law,
      runs,
      leaning,
      point.logs.map((value, i) => value - short * step[i]!),
    );
    if (!(next.value < point.value)) {
      damping *= 4;
      continue;
    }
    const gained = point.value - next.value;
    point = next;
    damping = Math.max(damping / 3, 1e-12);
    if (gained < tolerance * point.value) break;
  }
  return point;
}
