import { check } from '../options/check.ts';
import { checkOptions } from '../options/checkOptions.ts';
import { mustBe } from '../error.ts';
import { choice } from '../kinds/choice.ts';
import { properFraction } from '../kinds/properFraction.ts';
import { minimum, slide, steepest, valley, type Rule } from './rules.ts';
import { smoothed } from './smoothed.ts';

/** One update of a range test: the rate that it used, and the loss. */
export interface RangePoint {
  readonly learningRate: number;
  /** NaN and Infinity are left out of everything. */
  readonly loss: number;
}

/** What a range test suggests. */
export interface RangeSuggestion {
  readonly learningRate: number;
  /** The point that the rule picked, an index into the points given. */
  readonly index: number;
  /** The smoothed loss at every point, for pictures. */
  readonly smoothed: readonly number[];
}

/**
 * - steepest: where the loss falls fastest per e-fold of the rate
 * - minimum: a tenth of the rate with the lowest loss
 * - valley: the middle of the longest descent (the default of fastai)
 * - slide: the highest rate before the curve bends, by a sliding interval
 */
export type RangeRule = 'steepest' | 'minimum' | 'valley' | 'slide';

/** How the losses are prepared. */
export interface RangeOptions {
  /** The weight of a point's neighbour in its average, in [0, 1); default 0.8. 0 takes losses as they are. */
  readonly smoothing?: number;
  /** The share of the points at the start that no rule picks, in [0, 1): default 0.1. They still show where losses began. */
  readonly skip?: number;
}

const rules: Readonly<Record<RangeRule, Rule>> = { steepest, minimum, valley, slide };

/**
 * The learning rate that a range test suggests: from losses recorded while the rate rose exponentially (`sweep`).
 *
 * Losses are smoothed with a kernel that looks both ways, so the curve is not moved to higher rates, and that leaves out
 * what is not finite. The test is over where the loss rises as far above the first losses as the lowest lies below them:
 * a diverged end does not drown the rest. Undefined where the rule finds nothing: the loss never falls.
 *
 * Throws a {@link ScheduleError} for fewer than 8 finite losses, rates that are not > 0 and rising, and wrong options.
 *
 * @source Smith 2017, "Cyclical Learning Rates", arXiv 1506.01186, section 3.3 (the test); the rules are those of fastai
 *   and Lightning, differentiated by the logarithm of the rate and with NaN kept out
 * @example
 * const losses = [2.3, 2.3, 2.3, 2.2, 2.0, 1.6, 1.2, 1.0, 0.9, 1.4, 5];
 * const points = losses.map((loss, i) => ({ learningRate: 10 ** (i - 7), loss }));
 * suggestLearningRate(points, 'minimum', { smoothing: 0 }).learningRate; // 1
 */
export function suggestLearningRate(
  points: readonly RangePoint[],
  rule: RangeRule = 'valley',
  options: RangeOptions = {},
): RangeSuggestion | undefined {
  const subject = 'suggestLearningRate';
  const table = { smoothing: [properFraction, 0.8], skip: [properFraction, 0.1] } as const;
  const { smoothing, skip } = checkOptions(subject, table, options);
  const pick = rules[check(subject, 'rule', choice(...(Object.keys(rules) as RangeRule[])), rule)];

  const losses = points.map(({ loss }) => loss);
  const finite = losses.filter((loss) => Number.isFinite(loss));
  if (finite.length < 8) mustBe(subject, 'points', 'at least 8 points with a finite loss', finite.length);
  points.forEach(({ learningRate }, i) => {
    const rises = learningRate > (points[i - 1]?.learningRate ?? 0) && learningRate < Infinity;
    if (!rises) mustBe(subject, `points[${i}].learningRate`, 'a number > 0 and > the one before', learningRate);
  });

  const first = Math.max(1, Math.floor(finite.length * skip));
  const start = median(finite.slice(0, first));
  const ceiling = start + (start - Math.min(...finite));
  const curve = smoothed(
    losses.map((loss) => Math.min(loss, ceiling)),
    smoothing,
  );
  const from = Math.floor(points.length * skip);
  const end = divergedAt(losses, ceiling);
  const kept = points.map((_, i) => i).filter((i) => i >= from && i < end && Number.isFinite(losses[i]));
  if (kept.length < 2) return undefined;
  const lowest = Math.min(...kept.map((i) => curve[i]!));
  // Less than rounding makes is no fall.
  if (!(start - lowest > 1e-12 * Math.max(Math.abs(start), Math.abs(lowest)))) return undefined;
  const picked = pick({
    logRates: Float64Array.from(kept, (i) => Math.log(points[i]!.learningRate)),
    losses: Float64Array.from(kept, (i) => curve[i]!),
  });
  if (picked === undefined) return undefined;
  const index = kept[picked.index]!;
  return { learningRate: points[index]!.learningRate * picked.factor, index, smoothed: [...curve] };
}

/** The point after the lowest loss at which the loss is above all that it began with: there the test is over. */
function divergedAt(losses: readonly number[], ceiling: number): number {
  const lowest = losses.reduce((best, loss, i) => (loss < losses[best]! || Number.isNaN(losses[best]) ? i : best), 0);
  const after = losses.findIndex((loss, i) => i > lowest && loss >= ceiling);
  return after < 0 ? losses.length : after;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
