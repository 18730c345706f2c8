/**
 * The index of the last of `starts`, in rising order, that is <= step (`after`: < step); 0 if none is.
 *
 * Binary search, O(log pieces), down to a few pieces, which are passed one by one: sooner done.
 */
export function segment(starts: Float64Array, step: number, after = false): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 4) {
    const middle = (low + high + 1) >> 1;
    const start = starts[middle]!;
    if (start < step || (start === step && !after)) low = middle;
    else high = middle - 1;
  }
  for (; low < high; low += 1) {
    const next = starts[low + 1]!;
    if (next > step || (next === step && after)) break;
  }
  return low;
}

/** True if no number is smaller than the one before it. */
export const rising = (numbers: readonly number[]): boolean => numbers.every((n, i) => i === 0 || n >= numbers[i - 1]!);
