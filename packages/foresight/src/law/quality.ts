/** How a predicted curve does on a measured one. */
export interface Quality {
  readonly name: string;
  /** 1 − Σ(y − ŷ)²/Σ(y − ȳ)². */
  readonly r2: number;
  /** Mean |y − ŷ|, in the unit of the loss. */
  readonly meanAbsolute: number;
  /** Largest |y − ŷ|/y. */
  readonly worstRelative: number;
}

export function qualityOf(name: string, measured: Float64Array, predicted: Float64Array): Quality {
  const mean = measured.reduce((sum, y) => sum + y, 0) / measured.length;
  let [left, total, absolute, worst] = [0, 0, 0, 0];
  for (let i = 0; i < measured.length; i += 1) {
    const away = Math.abs(measured[i]! - predicted[i]!);
    left += away * away;
    total += (measured[i]! - mean) ** 2;
    absolute += away;
    worst = Math.max(worst, away / measured[i]!);
  }
  return { name, r2: 1 - left / total, meanAbsolute: absolute / measured.length, worstRelative: worst };
}
