import type { LossLaw } from './lossLaw.ts';

export type MultiPowerParameter = 'l0' | 'a' | 'alpha' | 'b' | 'c' | 'beta' | 'gamma';

/**
 * The multi-power law of loss curves.
 *
 *     L(t) = L₀ + A·S(t)^−α − B·Σ_{k<=t} (η_{k−1} − η_k)·G(η_k^−γ·S_k(t)),   G(x) = 1 − (1 + Cx)^−β
 *
 * S(t) is the sum of the rates so far, S_k(t) of those from k on. A fall of the rate lowers the loss, the more the longer the
 * run goes on after it; a rise, as in a warm-up, holds it up.
 *
 * @source Luo, Wen, Hu, Sun, Liu, Sun, Lyu, Chen 2025, A Multi-Power Law for Loss Curve Prediction Across Learning Rate
 *   Schedules, ICLR 2025, arXiv 2503.12811.
 */
export const multiPowerLaw: LossLaw<MultiPowerParameter> = {
  name: 'multiPowerLaw',
  parameters: ['l0', 'a', 'alpha', 'b', 'c', 'beta', 'gamma'],
  linear: ['l0', 'a', 'b'],
  // What the data leave open leans to the plainest members: G(x) = Cx/(1 + Cx), felt after a hundred updates at the peak, square roots.
  guesses: {
    alpha: { from: [0.5], lean: 0.5 },
    c: { from: [0.003, 0.03], lean: 0.01 },
    beta: { from: [0.3, 1], lean: 1 },
    gamma: { from: [0.3, 0.7], lean: 0.5 },
  },
  rescale: ({ l0, a, alpha, b, c, beta, gamma }, peak) => ({
    l0,
    a: a * peak ** alpha,
    alpha,
    b: b / peak,
    c: c * peak ** (gamma - 1),
    beta,
    gamma,
  }),
  evaluate({ at, sum, fall, rate, before, falls }, parameters, loss, slopes): void {
    const [l0, a, alpha, b, c, beta, gamma] = Array.from(parameters) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const logs = rate.map(Math.log);
    const scales = logs.map((log) => c * Math.exp(-gamma * log));
    for (let i = 0; i < at.length; i += 1) {
      const so = sum[i]!;
      const count = falls[i]!;
      let lowered = 0;
      let byC = 0;
      let byBeta = 0;
      let byGamma = 0;
      for (let k = 0; k < count; k += 1) {
        const since = so - before[k]!;
        // After a fall to 0 that nothing follows, nothing is trained and nothing gained.
        if (since <= 0) continue;
        const d = fall[k]!;
        const cx = scales[k]! * since;
        const log = Math.log1p(cx);
        const left = Math.exp(-beta * log);
        lowered += d * (1 - left);
        if (slopes === undefined || cx === Infinity) continue;
        const slope = (d * beta * left * cx) / (1 + cx);
        byC += slope;
        byBeta += d * left * log;
        byGamma -= slope * logs[k]!;
      }
      const power = a * so ** -alpha;
      loss[i] = l0 + power - b * lowered;
      slopes?.set(
        [l0, power, -power * alpha * Math.log(so), -b * lowered, -b * byC, -b * beta * byBeta, -b * gamma * byGamma],
        7 * i,
      );
    }
  },
};
