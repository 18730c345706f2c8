import { descend } from './descend.ts';
import { leaningOf } from './beginnings.ts';
import type { LossLaw } from './lossLaw.ts';
import { errorsOf, huber, type Observed, type Point } from './objective.ts';

/** From weak to strong, in units of the objective: what a parameter away from its leaning by a factor of e costs, twice. */
const strengths = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2];

/** How much of each run, from its end, is left out in turn. */
const parts = [0.5, 0.25];

/** How strongly parameters lean, and how that did on what was left out. */
export interface Chosen {
  readonly strength: number;
  readonly fit: Point;
  /** ln predicted − ln measured at each point left out, predicted by a fit that has not seen it. */
  readonly errors: Float64Array;
}

/**
 * Chooses how strongly the parameters lean, by what each strength predicts of parts that it has not seen: the end of each run in turn.
 *
 * Three curves hardly determine seven numbers, so many fits are about equally good where they look and differ elsewhere. Of the strengths
 * whose error is within one standard error of the least, the strongest is taken.
 *
 * @source Breiman, Friedman, Olshen, Stone 1984, Classification and Regression Trees, 3.4.3 (the rule of one standard error).
 */
export function chooseStrength(law: LossLaw, runs: readonly Observed[], starts: readonly Float64Array[]): Chosen {
  const folds = parts.flatMap((part) => runs.map((_, index) => fold(runs, index, part)));
  let warm = starts;
  const tried = strengths.map((strength) => {
    const leaning = leaningOf(law, strength);
    const fit = lowest(warm.map((start) => descend(law, runs, leaning, start)));
    warm = [fit.logs];
    const costs: number[] = [];
    const errors: number[] = [];
    for (const { seen, unseen, from } of folds) {
      const { logs } = descend(law, seen, leaning, fit.logs);
      const own = errorsOf(law, unseen, logs).slice(from);
      costs.push(own.reduce((sum, error) => sum + huber(error), 0) / own.length);
      errors.push(...own);
    }
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    const spread = costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / Math.max(1, costs.length - 1);
    return { strength, fit, mean, standardError: Math.sqrt(spread / costs.length), errors: Float64Array.from(errors) };
  });
  const best = tried.reduce((least, one) => (one.mean < least.mean ? one : least));
  return tried.findLast(({ mean }) => mean <= best.mean + best.standardError) ?? best;
}

export const lowest = (points: readonly Point[]): Point =>
  points.reduce((least, point) => (point.value < least.value ? point : least));

/** The runs without the end of one of them, and that one, of which what begins at `from` was not seen. */
function fold(
  runs: readonly Observed[],
  index: number,
  part: number,
): { readonly seen: readonly Observed[]; readonly unseen: Observed; readonly from: number } {
  const unseen = runs[index]!;
  const from = Math.floor(unseen.logs.length * (1 - part));
  const cut = { ...unseen, weights: unseen.weights.map((weight, i) => (i < from ? weight : 0)) };
  return { seen: runs.with(index, cut), unseen, from };
}
