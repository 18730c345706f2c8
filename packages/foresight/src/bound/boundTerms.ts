/** What the bound after some updates is made of, for D = 1: D²/(2·sum) and `gradients`. */
export interface Terms {
  /** Σ η_t. */
  readonly sum: number;
  /** ½ [ Σ c_t / Σ η_t + Σ_{k<T} η_k / s_{k+1} · q_k / s_k ], where c_t = η_t²G_t² and s, q are sums of η, c from k to the end. */
  readonly gradients: number;
}

/** Long enough to cost nothing, short enough for the rounding of a million additions to become that of two thousand. */
const block = 1024;

/**
 * The terms after the first `moves` updates, of which the last has a rate > 0. Sums grow from the end, within a block and
 * over blocks: a running sum taken off a total would cancel, one running over all would round a million times.
 */
export function boundTerms(etas: Float64Array, costs: Float64Array, moves: number): Terms {
  if (moves === 0) return { sum: 0, gradients: 0 };
  // Nothing comes after the last, which has no term of its own.
  let sum = etas[moves - 1]!;
  let cost = costs[moves - 1]!;
  let total = 0;
  for (let end = moves - 1; end > 0; end -= block) {
    const start = Math.max(0, end - block);
    let blockSum = 0;
    let blockCost = 0;
    let blockTotal = 0;
    for (let k = end - 1; k >= start; k -= 1) {
      const eta = etas[k]!;
      const later = sum + blockSum;
      blockSum += eta;
      blockCost += costs[k]!;
      blockTotal += (eta / later) * ((cost + blockCost) / (sum + blockSum));
    }
    sum += blockSum;
    cost += blockCost;
    total += blockTotal;
  }
  return { sum, gradients: (cost / sum + total) / 2 };
}

/** For each number of updates from 1 on, how many of them come before and with the last whose rate is > 0. */
export function lastMoves(etas: Float64Array): Uint32Array {
  const moves = new Uint32Array(etas.length);
  let last = 0;
  for (let t = 0; t < etas.length; t += 1) {
    if (etas[t]! > 0) last = t + 1;
    moves[t] = last;
  }
  return moves;
}

/** c_t = η_t²G_t². */
export function costsOf(etas: Float64Array, norms: Float64Array): Float64Array {
  return etas.map((eta, t) => (eta * norms[t]!) ** 2);
}
