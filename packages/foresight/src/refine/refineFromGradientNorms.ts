import { interpolate, mustBe, type DescribedSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { positive } from '../rates/rates.ts';
import { slidingMedian } from './slidingMedian.ts';

export interface RefineOptions {
  /** What trained: `"sgd"` (also with momentum) asks for ℓ₂ norms, `"adam"` (and its like) for ℓ₁ norms; default `"sgd"`. */
  readonly optimizer?: 'sgd' | 'adam';
  /** Width of the median that smooths the norms, as a share of the run in [0, 1); default 0.1. */
  readonly smoothing?: number;
  /** The largest rate; default 1, a shape to be scaled. */
  readonly peakValue?: number;
}

/** A table with more knots says nothing more. */
const most = 1000;

/**
 * The schedule that the gradient norms of a run ask for: the one that was best for them under the bound of the last iterate.
 *
 *     η_t = w_t · Σ_{p>t} w_p,   w_t = 1/G_t² for SGD, 1/G_t for Adam
 *
 * with G_t the norms, one an update, smoothed by a moving median; the largest rate is set to `peakValue`. Norms that stay alike give a linear
 * decay; large ones at the start a warm-up, falling ones at the end a faster last fall. For the next run of the same kind, and the same length.
 *
 * Throws a ScheduleError for norms that are not finite numbers > 0, fewer than two, and options that are not as described.
 *
 * @source Defazio, Cutkosky, Mehta, Mishchenko 2023, Optimal Linear Decay Learning Rate Schedules and Further Refinements, arXiv 2310.07831,
 *   Algorithm 1 and section 3.1.
 *
 * @example
 * const schedule = refineFromGradientNorms(Array.from({ length: 101 }, () => 3));
 * [0, 25, 50, 100].map(schedule); // [1, 0.75, 0.5, 0]
 */
export function refineFromGradientNorms(norms: ArrayLike<number>, options: RefineOptions = {}): DescribedSchedule {
  const subject = 'refineFromGradientNorms';
  checkKeys(subject, ['optimizer', 'smoothing', 'peakValue'], options);
  const { optimizer = 'sgd', smoothing = 0.1, peakValue = 1 } = options;
  if (optimizer !== 'sgd' && optimizer !== 'adam') mustBe(subject, 'optimizer', '"sgd" or "adam"', optimizer);
  if (!(smoothing >= 0 && smoothing < 1)) mustBe(subject, 'smoothing', 'a share of the run in [0, 1)', smoothing);
  positive(subject, 'peakValue', peakValue);
  const given = typeof norms === 'object' && norms !== null ? Float64Array.from(norms) : new Float64Array();
  const steps = given.length;
  const wrong = given.findIndex((norm) => !(norm > 0 && norm < Infinity));
  if (steps < 2) mustBe(subject, 'norms', 'a list of at least 2 gradient norms, one an update', norms);
  if (wrong >= 0) mustBe(subject, `norms/${wrong}`, 'a finite number > 0', given[wrong]);

  const smooth = slidingMedian(given, 2 * Math.floor((smoothing * steps) / 2) + 1);
  // By the least, so that no square overflows.
  const least = smooth.reduce((a, b) => Math.min(a, b));
  const weights = smooth.map((norm) => (least / norm) ** (optimizer === 'sgd' ? 2 : 1));
  const rates = new Float64Array(steps);
  let later = 0;
  for (let t = steps - 1; t >= 0; t -= 1) {
    rates[t] = weights[t]! * later;
    later += weights[t]!;
  }
  const largest = rates.reduce((a, b) => Math.max(a, b));
  const count = Math.min(most, steps);
  const knots = Array.from({ length: count }, (_, i) => Math.round((i * (steps - 1)) / (count - 1)));
  return interpolate({ knots, values: knots.map((knot) => peakValue * (rates[knot]! / largest)) });
}
