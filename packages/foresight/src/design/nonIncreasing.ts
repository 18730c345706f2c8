/**
 * The nearest values that never rise and stay between two bounds: neighbours that rise are pooled to their mean, then all are cut.
 *
 * @source Ayer, Brunk, Ewing, Reid, Silverman 1955, An Empirical Distribution Function for Sampling with Incomplete Information
 *   (pool adjacent violators).
 */
export function nonIncreasing(values: Float64Array, low: number, high: number): Float64Array {
  const means: number[] = [];
  const counts: number[] = [];
  for (const value of values) {
    let [mean, count] = [value, 1];
    while (means.length > 0 && means.at(-1)! < mean) {
      const before = counts.pop()!;
      mean = (means.pop()! * before + mean * count) / (before + count);
      count += before;
    }
    means.push(mean);
    counts.push(count);
  }
  const out = new Float64Array(values.length);
  let at = 0;
  means.forEach((mean, i) => {
    out.fill(Math.min(high, Math.max(low, mean)), at, (at += counts[i]!));
  });
  return out;
}
