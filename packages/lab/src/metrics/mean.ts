/** A sum and of how many: what most metrics keep. A sum that is not finite is null, as JSON has it, and stays so. */
export type MeanState = { readonly sum: number | null; readonly count: number };

export const emptyMean = (): MeanState => ({ sum: 0, count: 0 });

/** The state with these added. */
export function plus({ sum, count }: MeanState, added: number, of: number): MeanState {
  const next = sum === null ? NaN : sum + added;
  return { sum: Number.isFinite(next) ? next : null, count: count + of };
}

/** The mean; NaN of nothing, and where something was not finite. */
export const meanOf = ({ sum, count }: MeanState): number => (sum === null ? NaN : sum / count);
