import type { Kind } from '../definition/kind.ts';
import { choice } from '../kinds/choice.ts';

/** How far a metric must get ahead of the best to count as better. */
export type ThresholdMode = 'relative' | 'absolute' | 'signedRelative' | 'shiftedMetric';

export const thresholdModes: Kind<ThresholdMode> = /* @__PURE__ */ choice(
  'relative',
  'absolute',
  'signedRelative',
  'shiftedMetric',
);

export interface Threshold {
  readonly threshold: number;
  readonly thresholdMode: ThresholdMode;
  readonly extraThreshold?: number;
}

/**
 * Whether a metric beats the best so far, or is one where there is none (null); NaN never does. `sign` is 1 for a metric that should fall, −1 for one that
 * should rise.
 *
 * relative: m < best − threshold·|best|; absolute: m < best − threshold; signedRelative: m < best·(1 − threshold), rising
 * m > best·(1 + threshold); shiftedMetric: m + threshold < best.
 */
export function improves(
  metric: number,
  best: number | null,
  sign: number,
  { threshold, thresholdMode, extraThreshold = 0 }: Threshold,
): boolean {
  if (best === null) {
    // PyTorch's first best is an infinity, which a share of all or more of it does not leave one.
    const never = thresholdMode === 'signedRelative' && sign * threshold >= 1;
    return !never && sign * metric < Number.MAX_VALUE;
  }
  if (thresholdMode === 'shiftedMetric') return sign * (metric + sign * threshold) < sign * best;
  const asked =
    thresholdMode === 'signedRelative'
      ? sign * best * (1 - sign * threshold)
      : sign * best - threshold * (thresholdMode === 'relative' ? Math.abs(best) : 1);
  return sign * metric < asked - extraThreshold;
}

/**
 * The best so far where this report is it, else undefined. With `firstIsBest` the first report is, whatever it is: a best
 * that nothing beats then stands for NaN.
 */
export function bettered(
  metric: number,
  best: number | null,
  sign: number,
  rule: Threshold & { readonly firstIsBest: boolean },
): number | undefined {
  if (!((rule.firstIsBest && best === null) || improves(metric, best, sign, rule))) return undefined;
  return Number.isNaN(metric) ? -sign * Number.MAX_VALUE : metric;
}
