import type { LateSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { points } from '../rates/points.ts';
import { positive, rates, series } from '../rates/rates.ts';
import { boundTerms, costsOf, lastMoves, type Terms } from './boundTerms.ts';

export interface LastIterateOptions {
  /** Updates in the run. */
  readonly steps: number;
  /** D = ‖x₁ − x*‖, how far the first weights are from the best; default 1. */
  readonly distance?: number;
  /** G, or G_t for each update: what the gradient's norm does not exceed. Recorded norms, one an update, or a function of the step; default 1. */
  readonly gradientNorm?: number | ((step: number) => number) | ArrayLike<number>;
  /**
   * After how many updates the bound is wanted, rising: a list, or how many of them, spread over the run by
   * their logarithm; default 200. The run's end always closes them.
   */
  readonly at?: number | readonly number[];
}

export interface LastIterateBound {
  /** Numbers of updates, rising; the last is `steps`. */
  readonly at: Float64Array;
  /** Ω at each of them. */
  readonly bound: Float64Array;
  /** The term of the distance at each of them: falls as the rates add up. */
  readonly distanceTerm: Float64Array;
  /** The term of the gradients: what the rates cost, and what a decay wins back. */
  readonly gradientTerm: Float64Array;
  /** What all rates would have to be multiplied by for the least bound after the last update; Infinity where gradients or all rates are 0. */
  readonly bestScale: number;
  /** The largest rate of the schedule so multiplied. */
  readonly bestPeak: number;
  /** The bound after the last update with that peak: it depends on the shape of the schedule alone. */
  readonly bestBound: number;
}

/**
 * What convex optimization guarantees of the last weights of a run, from its rates alone.
 *
 * For a convex loss, gradients of norm at most G_t and rates η_t, the expected loss after T updates exceeds the least one
 * by at most
 *
 *     Ω_T = D² / (2 Σ η_t)  +  ½ [ Σ η_t²G_t² / Σ η_t + Σ_{k<T} η_k / (Σ_{t>k} η_t) · (Σ_{t≥k} η_t²G_t²) / (Σ_{t≥k} η_t) ]
 *
 * A bound is not a prediction of a loss: its shape over the run and how it ranks schedules are what it is looked at for.
 * With every rate times s the terms are T₁/s and sT₂, so s* = √(T₁/T₂) and the best bound is 2√(T₁T₂). Updates at rate 0
 * after the last one that moves change nothing; before the first that moves the bound is Infinity.
 *
 * A point costs one pass over its updates. Sums are taken from the end in blocks, so that the relative error stays below
 * 1e-12 at a million updates.
 *
 * Throws a ScheduleError for options that are not as described, and for rates that are negative or not finite.
 *
 * @source Schaipp, Hägele, Taylor, Simsekli, Bach 2025, The Surprising Agreement Between Convex Optimization Theory and
 *   Learning-Rate Scheduling for Large Model Training, arXiv 2501.18965, Theorem 1; Defazio, Cutkosky, Mehta, Mishchenko
 *   2023, arXiv 2310.07831, Theorem 10.
 *
 * @example
 * const { bound, bestBound } = lastIterateBound(0.5, { steps: 2, at: [1, 2] });
 * Array.from(bound); // [1.25, 1]
 * bestBound; // 1
 */
export function lastIterateBound(schedule: LateSchedule, options: LastIterateOptions): LastIterateBound {
  const subject = 'lastIterateBound';
  checkKeys(subject, ['steps', 'distance', 'gradientNorm', 'at'], options);
  const { steps, distance = 1, gradientNorm = 1 } = options;
  const etas = rates(subject, schedule, steps);
  const halfSquare = positive(subject, 'distance', distance) ** 2 / 2;
  const costs = costsOf(etas, series(subject, 'gradientNorm', gradientNorm, steps));
  const moves = lastMoves(etas);
  const at = points(subject, options.at ?? 200, steps);
  const all = Array.from(at, (point) => boundTerms(etas, costs, moves[point - 1]!));
  const last = all.at(-1)!;
  const distanceTerm = Float64Array.from(all, ({ sum }) => halfSquare / sum);
  const gradientTerm = Float64Array.from(all, ({ gradients }) => gradients);
  const { bestScale, bestBound } = best(halfSquare, last);
  const peak = etas.reduce((most, rate) => Math.max(most, rate), 0);
  return {
    at,
    bound: distanceTerm.map((term, i) => term + gradientTerm[i]!),
    distanceTerm,
    gradientTerm,
    bestScale,
    bestPeak: peak > 0 ? bestScale * peak : Infinity,
    bestBound,
  };
}

function best(halfSquare: number, { sum, gradients }: Terms): { bestScale: number; bestBound: number } {
  const distanceTerm = halfSquare / sum;
  return {
    bestScale: distanceTerm === Infinity ? Infinity : Math.sqrt(distanceTerm / gradients),
    bestBound: distanceTerm === Infinity ? Infinity : 2 * Math.sqrt(distanceTerm * gradients),
  };
}
