/**
 * What a law of loss curves sees of a run: at each point the sum of the rates so far, and the falls of the rate that came
 * before it.
 */
export interface Course {
  /** Numbers of updates, rising. */
  readonly at: Float64Array;
  /** Σ η over the first `at` updates. */
  readonly sum: Float64Array;
  /** Falls η_{k−1} − η_k, negative where the rate rises, as in a warm-up; none of 0. */
  readonly fall: Float64Array;
  /** k: the update that is the first after a fall, counted from 0. */
  readonly step: Float64Array;
  /** η_k, the rate that a fall leads to. */
  readonly rate: Float64Array;
  /** Σ η over the updates before k. */
  readonly before: Float64Array;
  /** How many falls come before each point. */
  readonly falls: Uint32Array;
}

/**
 * Reads rates up to the last of the points.
 *
 * With `parts`, falls between two points are joined to at most so many, each standing at the middle of its own: for fitting, where every
 * pair of a fall and a point would cost too much.
 */
export function courseOf(rates: Float64Array, at: ArrayLike<number>, parts: number = Infinity): Course {
  const last = at[at.length - 1]!;
  const sum = new Float64Array(at.length);
  const falls = new Uint32Array(at.length);
  const columns = {
    fall: new Float64Array(last),
    step: new Float64Array(last),
    rate: new Float64Array(last),
    before: new Float64Array(last),
  };
  const { fall, step, rate, before } = columns;
  let count = 0;
  let total = 0;
  let k = 0;
  for (let i = 0; i < at.length; i += 1) {
    const from = count;
    for (; k < at[i]!; k += 1) {
      const eta = rates[k]!;
      const fallen = k > 0 ? rates[k - 1]! - eta : 0;
      if (fallen !== 0) {
        fall[count] = fallen;
        step[count] = k;
        rate[count] = eta;
        before[count] = total;
        count += 1;
      }
      total += eta;
    }
    if (count - from > parts) {
      join(columns, from, count, parts);
      count = from + parts;
    }
    sum[i] = total;
    falls[i] = count;
  }
  return {
    at: Float64Array.from(at),
    sum,
    falls,
    fall: fall.subarray(0, count),
    step: step.subarray(0, count),
    rate: rate.subarray(0, count),
    before: before.subarray(0, count),
  };
}

/** Joins the falls from one index to another to so many, in place. */
function join(
  { fall, step, rate, before }: Pick<Course, 'fall' | 'step' | 'rate' | 'before'>,
  from: number,
  to: number,
  parts: number,
): void {
  for (let part = 0; part < parts; part += 1) {
    const first = from + Math.floor((part * (to - from)) / parts);
    const end = from + Math.floor(((part + 1) * (to - from)) / parts);
    const [low, high] = [Math.floor((first + end - 1) / 2), Math.ceil((first + end - 1) / 2)];
    fall[from + part] = fall.subarray(first, end).reduce((sum, one) => sum + one, 0);
    for (const column of [step, rate, before]) column[from + part] = (column[low]! + column[high]!) / 2;
  }
}
