/**
 * The index of the last of `starts`, in rising order, that is <= step (`after`: < step); 0 if none is.
 *
 * Binary search: O(log pieces).
 */
export function segment(starts: readonly number[], step: number, after = false): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const start = starts[middle]!;
    if (start < step || (start === step && !after)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** True if no number is smaller than the one before it. */
export const rising = (numbers: readonly number[]): boolean => numbers.every((n, i) => i === 0 || n >= numbers[i - 1]!);
