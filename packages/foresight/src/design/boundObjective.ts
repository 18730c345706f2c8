import type { LastIterateOptions } from '../bound/lastIterateBound.ts';
import { boundTerms, costsOf, lastMoves } from '../bound/boundTerms.ts';
import { positive, series } from '../rates/rates.ts';
import type { Objective } from './objective.ts';

/** The bound of the last iterate, Ω = D²/2Σ + gradients. */
export function boundObjective(
  subject: string,
  { distance = 1, gradientNorm = 1 }: Pick<LastIterateOptions, 'distance' | 'gradientNorm'>,
  steps: number,
): Objective {
  const half = positive(subject, 'distance', distance) ** 2 / 2;
  const norms = series(subject, 'gradientNorm', gradientNorm, steps);
  const termsOf = (etas: Float64Array) => boundTerms(etas, costsOf(etas, norms), lastMoves(etas).at(-1)!);
  return {
    anyPeak: true,
    value(etas) {
      const { sum, gradients } = termsOf(etas);
      return half / sum + gradients;
    },
    bestScale(etas) {
      const { sum, gradients } = termsOf(etas);
      return Math.sqrt(half / sum / gradients);
    },
    slopes: (etas) => slopesOf(etas, norms, half),
  };
}

/**
 * The gradient by one pass back and one forth. With s_k, q_k the sums of η and c = η²G² from k to the end,
 * T₂ = ½ [q_1/s_1 + Σ_k η_k q_k/(s_{k+1} s_k)]; rate j stands in every s_k and q_k with k <= j.
 */
function slopesOf(etas: Float64Array, norms: Float64Array, half: number): Float64Array {
  const end = lastMoves(etas).at(-1)!;
  const s = new Float64Array(end + 1);
  const q = new Float64Array(end + 1);
  for (let k = end - 1; k >= 0; k -= 1) {
    s[k] = s[k + 1]! + etas[k]!;
    q[k] = q[k + 1]! + (etas[k]! * norms[k]!) ** 2;
  }
  const slopes = new Float64Array(etas.length);
  // What all s_k and q_k with k <= j pull together.
  let byS = -half / (s[0]! * s[0]!) - q[0]! / (2 * s[0]! * s[0]!);
  let byQ = 1 / (2 * s[0]!);
  for (let j = 0; j < end; j += 1) {
    const eta = etas[j]!;
    const last = j === end - 1;
    if (!last) {
      byS -= (eta * q[j]!) / (2 * s[j + 1]! * s[j]! * s[j]!);
      byQ += eta / (2 * s[j + 1]! * s[j]!);
    }
    const own = last ? 0 : q[j]! / (2 * s[j + 1]! * s[j]!);
    slopes[j] = byS + own + byQ * 2 * eta * norms[j]! * norms[j]!;
    // s_{j+1} also divides the term of j: it counts from j + 1 on.
    if (!last) byS -= (eta * q[j]!) / (2 * s[j + 1]! * s[j + 1]! * s[j]!);
  }
  return slopes;
}
