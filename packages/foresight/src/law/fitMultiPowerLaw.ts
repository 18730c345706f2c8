import { fitLaw, type FitOptions, type FittedLaw } from './fitLaw.ts';
import type { RecordedRun } from './recorded.ts';

/**
 * Fits the multi-power law to recorded runs: seven numbers, with which the loss curve of any other schedule is predicted.
 *
 *     L(t) = L₀ + A·S(t)^−α − B·Σ_{k<=t} (η_{k−1} − η_k)·G(η_k^−γ·S_k(t)),   G(x) = 1 − (1 + Cx)^−β
 *
 * Two or three runs of one model, data and batch size are wanted, among them one at a constant rate and one whose rate falls: a cosine, a
 * drop. Minimizes Huber's loss (δ = 10⁻³) of the logarithms; what the runs leave open leans to plain values, as strongly as parts that
 * were left out ask for. The uncertainty is that of a bootstrap over blocks of residuals.
 *
 * An empirical law, made for the pre-training of language models: it says nothing of why, and holds where it was tested.
 *
 * Throws a ScheduleError for runs that are not as described, and where they cannot carry the fit, with what is missing.
 *
 * @source Luo, Wen, Hu, Sun, Liu, Sun, Lyu, Chen 2025, A Multi-Power Law for Loss Curve Prediction Across Learning Rate
 *   Schedules, ICLR 2025, arXiv 2503.12811.
 *
 * @example
 * const truth = lossModel('multiPowerLaw', { l0: 3, a: 0.5, alpha: 0.5, b: 300, c: 2, beta: 0.6, gamma: 0.6 });
 * const schedules = [3e-4, cosineDecay({ initValue: 3e-4, decaySteps: 2000 })];
 * const runs = schedules.map((schedule) => {
 *   const { at, loss } = truth.predict(schedule, { steps: 2000, at: 40 });
 *   return { schedule, points: Array.from(at, (step, i) => ({ step, loss: loss[i] })) };
 * });
 * const fitted = fitMultiPowerLaw(runs, { bootstrap: { replicates: 20 } });
 * fitted.quality.every(({ meanAbsolute }) => meanAbsolute < 0.01); // true
 */
export function fitMultiPowerLaw(runs: readonly RecordedRun[], options?: FitOptions): FittedLaw<'multiPowerLaw'> {
  return fitLaw('fitMultiPowerLaw', 'multiPowerLaw', runs, options);
}
