import { segment } from './segment.ts';

/** Cycles one after the other, each `factor` times as long as the one before. */
export interface Cycles {
  /** The cycle that a step >= 0 lies in, counted from 0. */
  readonly index: (step: number) => number;
  /** The step at which a cycle begins. */
  readonly start: (index: number) => number;
  /** How many times as long as the first a cycle is: factor^index. */
  readonly stretch: (index: number) => number;
}

/**
 * Cycles of `first`, `first·factor`, `first·factor²` … steps; first >= 1, factor >= 1.
 *
 * Cycle i begins at S(i) = first·(factor^i − 1)/(factor − 1). The index by logarithm is only a guess, one off at some
 * boundaries (3, 9, 10, 1.5 are such factors); comparison with S corrects it. S itself is known to about i·2⁻⁵³ of it, a
 * factor like 1.1 being no double: as near as that to an integer it is that integer, so that a restart which falls on a
 * step falls on that very step.
 */
export function cycles(first: number, factor: number): Cycles {
  const growth = factor - 1;
  const log = Math.log1p(growth);
  const start = (index: number): number => {
    // Close to 1 the power would cancel against the 1; far from it the exponential of a logarithm is less exact.
    const laps = growth === 0 ? index : (growth < 0.5 ? Math.expm1(index * log) : factor ** index - 1) / growth;
    const whole = Math.round(first * laps);
    return Math.abs(first * laps - whole) <= (index + 16) * 2 ** -53 * whole ? whole : first * laps;
  };

  // Cycles that grow fast are fewer than 100 before step 2⁵³: a table of their starts is faster than powers.
  const starts = [0];
  const stretches = [1];
  if (growth >= 0.5) {
    while (starts.at(-1)! < 2 ** 53) {
      stretches.push(factor ** starts.length);
      starts.push(start(starts.length));
    }
  }
  const known = starts.length;

  const index = (step: number): number => {
    if (step < starts[known - 1]!) return segment(starts, step);
    // 1e300 keeps the product finite; what lies beyond is the same cycle for every purpose.
    const laps = Math.min(step, 1e300) / first;
    const guess = Math.floor(growth === 0 ? laps : Math.log1p(laps * growth) / log);
    if (step < start(guess)) return guess - 1;
    return step < start(guess + 1) ? guess : guess + 1;
  };

  return {
    index,
    start: (index) => (index < known ? starts[index]! : start(index)),
    stretch: (index) => (index < known ? stretches[index]! : Math.min(factor ** index, Number.MAX_VALUE)),
  };
}
