import { segment } from '../numerics/segment.ts';

/**
 * A table as a function: values[i], i = the number of boundaries, in rising order, that are <= step (`after`: < step).
 *
 * Up to three boundaries, as nearly always, are compared one by one, without a search.
 */
export function staircase(
  boundaries: readonly number[],
  values: readonly number[],
  after: boolean,
): (step: number) => number {
  if (boundaries.length > 3) {
    const starts = Float64Array.of(-1, ...boundaries);
    return (step) => values[segment(starts, step, after)]!;
  }
  const [b1 = Infinity, b2 = Infinity, b3] = boundaries;
  const [v0, v1, v2, v3] = values as readonly [number, number, number, number];
  if (b3 === undefined)
    return after
      ? (step) => (step <= b1 ? v0 : step <= b2 ? v1 : v2)
      : (step) => (step < b1 ? v0 : step < b2 ? v1 : v2);
  return after
    ? (step) => (step <= b1 ? v0 : step <= b2 ? v1 : step <= b3 ? v2 : v3)
    : (step) => (step < b1 ? v0 : step < b2 ? v1 : step < b3 ? v2 : v3);
}
