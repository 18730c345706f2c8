/** A value >= 0 that arithmetic may have carried past the largest double, brought back: schedules are finite. */
export const bounded = (value: number): number => Math.min(value, Number.MAX_VALUE);

/** value·ratio^exponent, for value, ratio >= 0: finite also where the power alone is not. */
export const geometric = (value: number, ratio: number, exponent: number): number =>
  ratio === 1 ? value : bounded(value * bounded(ratio ** bounded(exponent)));
