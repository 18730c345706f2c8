import type { LossLaw } from './lossLaw.ts';

export type MomentumLawParameter = 'l0' | 'a' | 'alpha' | 'c' | 'tau';

/**
 * The momentum law of loss curves, the simpler sibling of the multi-power law: a fall of the rate is felt with a delay of its own,
 * whatever the rate.
 *
 *     L(t) = L₀ + A·S(t)^−α − C·Σ_{k<=t} (η_{k−1} − η_k)·(1 − λ^{t−k+1})/(1 − λ),   λ = e^{−1/τ}
 *
 * S(t) is the sum of the rates so far; the sum is the paper's S₂ = Σ_i Σ_{k<=i} (η_{k−1} − η_k)·λ^{i−k}, summed over i. τ is in updates.
 *
 * @source Tissue, Wang, Wang 2024, Scaling Law with Learning Rate Annealing, arXiv 2408.11029, equation 1.
 */
export const momentumLaw: LossLaw<MomentumLawParameter> = {
  name: 'momentumLaw',
  parameters: ['l0', 'a', 'alpha', 'c', 'tau'],
  linear: ['l0', 'a', 'c'],
  guesses: { alpha: { from: [0.5], lean: 0.5 }, tau: { from: [100, 1000], lean: 1000 } },
  rescale: ({ l0, a, alpha, c, tau }, peak) => ({ l0, a: a * peak ** alpha, alpha, c: c / peak, tau }),
  evaluate({ at, sum, fall, step, falls }, parameters, loss, slopes): void {
    const [l0, a, alpha, c, tau] = Array.from(parameters) as [number, number, number, number, number];
    // 1 − λ, without losing digits for a long delay.
    const rest = -Math.expm1(-1 / tau);
    for (let i = 0; i < at.length; i += 1) {
      const count = falls[i]!;
      let lowered = 0;
      let byTau = 0;
      for (let k = 0; k < count; k += 1) {
        const updates = at[i]! - step[k]!;
        const left = Math.exp(-updates / tau);
        lowered += (fall[k]! * (1 - left)) / rest;
        // d/d ln τ of (1 − λⁿ)/(1 − λ), with dλ/d ln τ = λ/τ.
        byTau += (fall[k]! * (((1 - left) * (1 - rest)) / (tau * rest) - (updates * left) / tau)) / rest;
      }
      const power = a * sum[i]! ** -alpha;
      loss[i] = l0 + power - c * lowered;
      slopes?.set([l0, power, -power * alpha * Math.log(sum[i]!), -c * lowered, -c * byTau], 5 * i);
    }
  },
};
