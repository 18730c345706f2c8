import { mustBe } from '@anneal/core';

/**
 * Numbers of updates at which something is wanted: a rising list of integers from 1 to `steps`, or how many of them, which
 * are then spread over the run by their logarithm, doubles left out. The run's own length always closes them.
 */
export function points(subject: string, at: number | readonly number[], steps: number): Float64Array {
  if (typeof at === 'number') {
    if (!(Number.isInteger(at) && at >= 1)) mustBe(subject, 'at', 'an integer >= 1, or a list of them', at);
    const spread = Array.from({ length: at }, (_, i) => Math.round(steps ** ((i + 1) / at)));
    return Float64Array.from(new Set([...spread.slice(0, -1), steps]));
  }
  const list = Array.isArray(at) ? (at as readonly unknown[]) : [];
  const rising = list.every(
    (value, i) => Number.isInteger(value) && (value as number) > ((list[i - 1] as number | undefined) ?? 0),
  );
  if (list.length === 0 || !rising || (list.at(-1) as number) > steps)
    mustBe(subject, 'at', `a rising list of integers from 1 to the ${steps} steps, or how many`, at);
  return Float64Array.from(at.at(-1) === steps ? at : [...at, steps]);
}
