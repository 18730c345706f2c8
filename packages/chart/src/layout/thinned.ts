import type { Channel } from '../figure.ts';

/** Most points drawn of one line. */
const maxPoints = 600;

/**
 * Which points of a line are drawn: all of a short one; of a long one the first, lowest, highest and last of each stretch of neighbours, and
 * a gap where there is one, so that peaks and breaks stay.
 */
export function thinned(y: Channel, drawn: (value: number | null | undefined) => value is number): readonly number[] {
  if (y.length <= maxPoints) return Array.from({ length: y.length }, (_, i) => i);
  const stretch = Math.ceil((5 * y.length) / maxPoints);
  const kept: number[] = [];
  for (let from = 0; from < y.length; from += stretch) {
    const to = Math.min(from + stretch, y.length);
    const chosen = new Set([from, to - 1]);
    let [low, high, gap] = [-1, -1, -1];
    for (let i = from; i < to; i++) {
      const value = y[i];
      if (!drawn(value)) gap = i;
      else {
        if (low < 0 || value < y[low]!) low = i;
        if (high < 0 || value > y[high]!) high = i;
      }
    }
    for (const i of [low, high, gap]) if (i >= 0) chosen.add(i);
    kept.push(...[...chosen].sort((a, b) => a - b));
  }
  return kept;
}
