/**
 * step % period, for step >= 0 and period > 0, the same number sooner: `%` goes bit by bit from the one to the other.
 *
 * Below 2⁵³ multiples of a whole period are exact, and so is what they leave. The quotient may be rounded up to the next
 * integer, which leaves less than nothing.
 */
export function remainder(step: number, period: number): number {
  const rest = step - Math.floor(step / period) * period;
  return rest >= 0 && step < 2 ** 53 && Number.isInteger(period) ? rest : step % period;
}
