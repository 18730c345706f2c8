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
export function courseOf(rates: Float64Array, at: ArrayLike<number>, parts = Infinity): Course {
  const sum = new Float64Array(at.length);
  const falls = new Uint32Array(at.length);
  const list: Fall[] = [];
  let total = 0;
  let k = 0;
  for (let i = 0; i < at.length; i += 1) {
    const between: Fall[] = [];
    for (; k < at[i]!; k += 1) {
      const rate = rates[k]!;
      const fall = k > 0 ? rates[k - 1]! - rate : 0;
      if (fall !== 0) between.push({ fall, step: k, rate, before: total });
      total += rate;
    }
    for (const one of between.length > parts ? joined(between, parts) : between) list.push(one);
    sum[i] = total;
    falls[i] = list.length;
  }
  const column = (key: keyof Fall): Float64Array => Float64Array.from(list, (one) => one[key]);
  return {
    at: Float64Array.from(at),
    sum,
    fall: column('fall'),
    step: column('step'),
    rate: column('rate'),
    before: column('before'),
    falls,
  };
}

interface Fall {
  readonly fall: number;
  readonly step: number;
  readonly rate: number;
  readonly before: number;
}

function joined(falls: readonly Fall[], parts: number): readonly Fall[] {
  return Array.from({ length: parts }, (_, part) => {
    const own = falls.slice(Math.floor((part * falls.length) / parts), Math.floor(((part + 1) * falls.length) / parts));
    const [low, high] = [own[(own.length - 1) >> 1]!, own[own.length >> 1]!];
    return {
      fall: own.reduce((sum, { fall }) => sum + fall, 0),
      step: (low.step + high.step) / 2,
      rate: (low.rate + high.rate) / 2,
      before: (low.before + high.before) / 2,
    };
  });
}
