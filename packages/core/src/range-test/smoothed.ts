/**
 * A curve smoothed by the kernel `memory^|i−j|`, in O(n).
 *
 * Two-sided, unlike a running average, so that nothing is moved to later points. A value that is not finite is first
 * replaced by the straight line between its finite neighbours (at an end, by the nearest one), so it spoils nothing. At
 * least one value must be finite.
 */
export function smoothed(values: readonly number[], memory: number): Float64Array {
  const filled = withoutHoles(values);
  const n = filled.length;
  const sums = new Float64Array(n);
  const weights = new Float64Array(n);
  let [sum, weight] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    sums[i] = sum = sum * memory + filled[i]!;
    weights[i] = weight = weight * memory + 1;
  }
  [sum, weight] = [0, 0];
  for (let i = n - 1; i >= 0; i -= 1) {
    // What stands at i itself is in the first pass already.
    sums[i]! += sum * memory;
    weights[i]! += weight * memory;
    sum = sum * memory + filled[i]!;
    weight = weight * memory + 1;
  }
  return sums.map((total, i) => total / weights[i]!);
}

function withoutHoles(values: readonly number[]): Float64Array {
  const known = values.flatMap((value, i) => (Number.isFinite(value) ? [i] : []));
  const filled = new Float64Array(values.length);
  let next = 0;
  for (let i = 0; i < values.length; i += 1) {
    while (next < known.length - 1 && known[next]! < i) next += 1;
    const [before, after] = [known[Math.max(0, next - 1)]!, known[next]!];
    const x = i <= before || after === before ? 0 : Math.min(1, (i - before) / (after - before));
    filled[i] = values[i <= before && next === 0 ? after : before]! * (1 - x) + values[after]! * x;
  }
  return filled;
}
