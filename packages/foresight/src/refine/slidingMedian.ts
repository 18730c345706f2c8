/**
 * The median of a window of odd width around each value; before the first it goes on with the first, past the last it is
 * mirrored (the last value twice).
 */
export function slidingMedian(values: Float64Array, width: number): Float64Array {
  const { length } = values;
  const half = (width - 1) / 2;
  const at = (i: number): number => values[i < 0 ? 0 : i < length ? i : Math.max(0, 2 * length - 1 - i)]!;
  const window = Float64Array.from({ length: width }, (_, i) => at(i - half)).sort();
  const medians = new Float64Array(length);
  for (let i = 0; i < length; i += 1) {
    medians[i] = window[half]!;
    const [leaves, enters] = [at(i - half), at(i + half + 1)];
    const from = place(window, leaves);
    const to = place(window, enters);
    // What lies between the two moves by one.
    if (to > from) {
      window.copyWithin(from, from + 1, to);
      window[to - 1] = enters;
    } else {
      window.copyWithin(to + 1, to, from);
      window[to] = enters;
    }
  }
  return medians;
}

/** The first place in a rising list whose value is not below the given one. */
function place(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
