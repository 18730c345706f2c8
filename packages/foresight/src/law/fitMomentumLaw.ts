import { fitLaw, type FitOptions, type FittedLaw } from './fitLaw.ts';
import type { RecordedRun } from './recorded.ts';

/**
 * Fits the momentum law to recorded runs, as {@link fitMultiPowerLaw} fits its sibling: five numbers instead of seven.
 *
 *     L(t) = L₀ + A·S(t)^−α − C·Σ_{k<=t} (η_{k−1} − η_k)·(1 − λ^{t−k+1})/(1 − λ),   λ = e^{−1/τ}
 *
 * Throws a ScheduleError for runs that are not as described, and where they cannot carry the fit, with what is missing.
 *
 * @source Tissue, Wang, Wang 2024, Scaling Law with Learning Rate Annealing, arXiv 2408.11029, equation 1.
 *
 * @example
 * const truth = lossModel('momentumLaw', { l0: 2, a: 1, alpha: 0.5, c: 0.02, tau: 100 });
 * const schedules = [0.1, linear({ initValue: 0.1, endValue: 0, decaySteps: 1000 })];
 * const runs = schedules.map((schedule) => {
 *   const { at, loss } = truth.predict(schedule, { steps: 1000, at: 40 });
 *   return { schedule, points: Array.from(at, (step, i) => ({ step, loss: loss[i] })) };
 * });
 * const fitted = fitMomentumLaw(runs, { bootstrap: { replicates: 20 } });
 * fitted.quality.every(({ meanAbsolute }) => meanAbsolute < 0.01); // true
 */
export function fitMomentumLaw(runs: readonly RecordedRun[], options?: FitOptions): FittedLaw<'momentumLaw'> {
  return fitLaw('fitMomentumLaw', 'momentumLaw', runs, options);
}
