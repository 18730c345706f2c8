/**
 * A value that arithmetic may have carried past the largest double, brought back: schedules are finite, those of definitions of your
 * own too, and so is what JSON can hold. NaN stays. It may be negative inside a combinator, since a recurrence and a one-cycle that
 * continues go below 0 as PyTorch's do.
 *
 * @example
 * bounded(1e308 * 10); // 1.7976931348623157e308
 */
export const bounded = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));

/** value·ratio^exponent, for value, ratio >= 0: finite also where the power alone is not. */
export const geometric = (value: number, ratio: number, exponent: number): number =>
  ratio === 1 ? value : bounded(value * bounded(ratio ** bounded(exponent)));
