/**
 * The index of the last of `starts`, in rising order, that is <= step (`after`: < step); 0 if none is.
 *
 * O(log pieces): in growing strides, since runs lie in the first pieces of most tables, then by halves, down to a few
 * pieces, which are passed one by one.
 */
export function segment(starts: Float64Array, step: number, after = false): number {
  const last = starts.length - 1;
  let low = 0;
  let high = 4;
  while (high < last && begun(starts[high]!, step, after)) {
    low = high;
    high *= 8;
  }
  if (high > last) high = last;
  while (high - low > 4) {
    const middle = (low + high + 1) >> 1;
    if (begun(starts[middle]!, step, after)) low = middle;
    else high = middle - 1;
  }
  while (low < high && begun(starts[low + 1]!, step, after)) low += 1;
  return low;
}

const begun = (start: number, step: number, after: boolean): boolean => start < step || (start === step && !after);

/** True if no number is smaller than the one before it. */
export const rising = (numbers: readonly number[]): boolean => numbers.every((n, i) => i === 0 || n >= numbers[i - 1]!);
