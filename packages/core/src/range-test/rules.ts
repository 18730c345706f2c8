/** A range test as the rules see it: loss over the logarithm of the rate. */
export interface Curve {
  /** ln of the rates, rising. */
  readonly logRates: Float64Array;
  /** The losses, smoothed, none far above where they began. */
  readonly losses: Float64Array;
}

/** Picks a point of the curve: its index, and what its rate is multiplied by. Undefined where the curve has none such. */
export type Rule = (curve: Curve) => { readonly index: number; readonly factor: number } | undefined;

const at = (index: number | undefined, factor = 1): ReturnType<Rule> =>
  index === undefined || index < 0 ? undefined : { index, factor };

/** Where the loss falls fastest per e-fold of the rate. Per unit of rate the pick would be far too low. */
export const steepest: Rule = ({ logRates, losses }) => {
  const slopes = slopesOf(logRates, losses);
  const index = slopes.indexOf(Math.min(...slopes));
  return slopes[index]! < 0 ? at(index) : undefined;
};

/** A tenth of the rate with the lowest loss. */
export const minimum: Rule = ({ losses }) => at(losses.indexOf(Math.min(...losses)), 0.1);

/** A fall smaller than this share of the curve's range is none: smoothing makes endless ones of them. */
const grain = 0.005;

/** The middle of the longest descent: of the longest strictly falling subsequence, found in O(n log n). */
export const valley: Rule = ({ losses }) => {
  const lowest = Math.min(...losses);
  const range = Math.max(...losses) - lowest;
  if (!(range > 0)) return undefined;
  // Patience sorting: tails[k] is where the falling subsequence of length k+1 that ends highest has its end, starts[k]
  // where it began.
  const levels = losses.map((loss) => Math.round((loss - lowest) / (grain * range)));
  const tails: number[] = [];
  const starts: number[] = [];
  let [length, start, end] = [0, 0, 0];
  levels.forEach((level, i) => {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (levels[tails[middle]!]! > level) low = middle + 1;
      else high = middle;
    }
    tails[low] = i;
    starts[low] = low === 0 ? i : starts[low - 1]!;
    if (low + 1 > length) [length, start, end] = [low + 1, starts[low]!, i];
  });
  return length < 2 ? undefined : at(Math.round((start + end) / 2));
};

/** How many of the points the sliding interval spans, and how much the slopes at its ends may differ when it stops. */
const span = 0.15;
const alike = 0.02;

/**
 * The interval slide: an interval moves from the right end to lower rates until the slopes at its two ends are alike, so
 * that the curve between is straight; its left end is the pick. Slopes are in shares of the curve's range per e-fold.
 */
export const slide: Rule = ({ logRates, losses }) => {
  const range = Math.max(...losses) - Math.min(...losses);
  if (!(range > 0)) return undefined;
  const slopes = slopesOf(logRates, losses).map((slope) => slope / range);
  const width = Math.max(1, Math.round(span * losses.length));
  let right = losses.length - 1;
  while (right > width && Math.abs(slopes[right]! - slopes[right - width]!) > alike) right -= 1;
  return at(right - width);
};

/** Central differences, one-sided at the ends: exact for a parabola inside, whatever the spacing. */
function slopesOf(x: Float64Array, y: Float64Array): Float64Array {
  const last = x.length - 1;
  return y.map((_, i) => {
    const [low, high] = [Math.max(0, i - 1), Math.min(last, i + 1)];
    if (low === i || high === i) return (y[high]! - y[low]!) / (x[high]! - x[low]!);
    const [before, after] = [x[i]! - x[low]!, x[high]! - x[i]!];
    const [rise, next] = [(y[i]! - y[low]!) / before, (y[high]! - y[i]!) / after];
    return (rise * after + next * before) / (before + after);
  });
}
