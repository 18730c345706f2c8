import { mustBe } from '@anneal/core';
import { readQuadratic, riskOf, type QuadraticOptions } from '../quadratic/quadraticRisk.ts';
import type { Objective } from './objective.ts';

/** Numbers kept of every update for the way back: a few hundred megabytes at most. */
const most = 2e7;

/** The expected loss on a quadratic after the last update. */
export function quadraticObjective(subject: string, options: QuadraticOptions): Objective {
  const problem = readQuadratic(subject, options);
  const { spectrum, floor, sampled, momenta, initial, steps } = problem;
  const count = spectrum.length;
  if (3 * count * steps > most)
    mustBe(
      subject,
      'spectrum',
      `at most ${Math.floor(most / 3 / steps)} eigenvalues for ${steps} steps`,
      options.spectrum,
    );
  return {
    anyPeak: true,
    value: (etas) => riskOf(etas, problem).risk.at(-1)!,
    slopes(etas) {
      // The moments before every update, kept for the way back.
      const m = new Float64Array(count * (steps + 1));
      const c = new Float64Array(count * (steps + 1));
      const p = new Float64Array(count * (steps + 1));
      const traces = new Float64Array(steps);
      m.set(initial);
      for (let t = 0; t < steps; t += 1) {
        const at = count * t;
        const [eta, mu] = [etas[t]!, momenta?.[t] ?? 0];
        let trace = 0;
        for (let i = 0; i < count; i += 1) trace += spectrum[i]! * m[at + i]!;
        traces[t] = trace;
        for (let i = 0; i < count; i += 1) {
          const [lambda, x, cross, v] = [spectrum[i]!, m[at + i]!, c[at + i]!, mu * mu * p[at + i]!];
          const n = floor[i]! + (lambda * lambda * x + lambda * trace) / sampled;
          const a = 1 - eta * lambda;
          m[at + count + i] = a * a * x - 2 * a * eta * mu * cross + eta * eta * (v + n);
          c[at + count + i] = a * lambda * x + mu * (a - eta * lambda) * cross - eta * (v + n);
          p[at + count + i] = v + 2 * mu * lambda * cross + lambda * lambda * x + n;
        }
      }
      // The adjoint of the same recursion, from ½λ on m at the end.
      const slopes = new Float64Array(steps);
      const byM = spectrum.map((lambda) => lambda / 2);
      const byC = new Float64Array(count);
      const byP = new Float64Array(count);
      for (let t = steps - 1; t >= 0; t -= 1) {
        const at = count * t;
        const [eta, mu] = [etas[t]!, momenta?.[t] ?? 0];
        let slope = 0;
        let byTrace = 0;
        for (let i = 0; i < count; i += 1) {
          const [lambda, x, cross, v] = [spectrum[i]!, m[at + i]!, c[at + i]!, mu * mu * p[at + i]!];
          const n = floor[i]! + (lambda * lambda * x + lambda * traces[t]!) / sampled;
          const a = 1 - eta * lambda;
          const [M, C, P] = [byM[i]!, byC[i]!, byP[i]!];
          const byN = eta * eta * M - eta * C + P;
          slope +=
            M * (-2 * a * lambda * x - 2 * mu * cross * (a - eta * lambda) + 2 * eta * (v + n)) -
            C * (lambda * lambda * x + 2 * mu * lambda * cross + v + n);
          byTrace += (byN * lambda) / sampled;
          byM[i] = a * a * M + a * lambda * C + lambda * lambda * (P + byN / sampled);
          byC[i] = -2 * a * eta * mu * M + mu * (a - eta * lambda) * C + 2 * mu * lambda * P;
          byP[i] = mu * mu * byN;
        }
        for (let i = 0; i < count; i += 1) byM[i]! += spectrum[i]! * byTrace;
        slopes[t] = slope;
      }
      return slopes;
    },
  };
}
