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
  if (factor === 1) return equalCycles(first);
  const growth = factor - 1;
  const log = Math.log1p(growth);
  const start = (index: number): number =>
    // Close to 1 the power would cancel against the 1; far from it the exponential of a logarithm is less exact.
    snapped(first * ((growth < 0.5 ? Math.expm1(index * log) : factor ** index - 1) / growth), index);

  // Cycles that grow fast are fewer than 100 before step 2⁵³: a table of their starts is faster than powers.
  const table = [0];
  const stretches = [1];
  if (growth >= 0.5) {
    while (table.at(-1)! < 2 ** 53) {
      stretches.push(factor ** table.length);
      table.push(start(table.length));
    }
  }
  const known = table.length;
  const starts = Float64Array.from(table);

  return {
    index: (step) =>
      step < starts[known - 1]!
        ? segment(starts, step)
        : corrected(start, step, Math.floor(Math.log1p(lapsOf(step, first) * growth) / log)),
    start: (index) => (index < known ? starts[index]! : start(index)),
    stretch: (index) => (index < known ? stretches[index]! : Math.min(factor ** index, Number.MAX_VALUE)),
  };
}

function equalCycles(first: number): Cycles {
  const isWhole = Number.isInteger(first);
  const start = (index: number): number => (isWhole ? first * index : snapped(first * index, index));
  return {
    index: (step) => corrected(start, step, Math.floor(lapsOf(step, first))),
    start,
    stretch: () => 1,
  };
}

/** How many times the first cycle fits in. 1e300 keeps later products finite; what lies beyond is the same cycle for every purpose. */
const lapsOf = (step: number, first: number): number => Math.min(step, 1e300) / first;

/** A start of cycle `index`, on the integer that it is nearer to than it can be known. */
function snapped(start: number, index: number): number {
  const whole = Math.round(start);
  return Math.abs(start - whole) <= (index + 16) * 2 ** -53 * whole ? whole : start;
}

/** The cycle of a step, from a guess that is one off at most. */
function corrected(start: (index: number) => number, step: number, guess: number): number {
  if (step < start(guess)) return guess - 1;
  return step < start(guess + 1) ? guess : guess + 1;
}
