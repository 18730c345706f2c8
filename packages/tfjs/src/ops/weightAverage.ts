import { checkOptions, count, integer, properFraction } from '@anneal/core/options';
import {
  add,
  clone,
  dispose,
  engine,
  mul,
  sub,
  tidy,
  variable,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { refuse } from '../refuse.ts';
import type { UpdateHook } from '../updateHook.ts';

export interface WeightAverageOptions {
  /** The share of the average that each update keeps, below 1: a moving average. Left out: the mean of all (SWA). */
  readonly decay?: number;
  /** The number of updates after which averaging begins; default 0. */
  readonly from?: number;
  /** Averages after every so many updates; default 1. For SWA the length of a cycle. */
  readonly every?: number;
}

/** A hook that keeps the average of the weights. */
export interface WeightAverage extends UpdateHook {
  /** True while the average stands in the place of the weights. */
  readonly swapped: boolean;
  /**
   * Exchanges weights and average, for evaluation or `model.save`; exchanges them back when called again. Updates and
   * saving the training are refused in between. Does nothing before the first average.
   */
  swap(): void;
  /** Runs `use` with the average in the place of the weights, and puts the weights back also if it fails. */
  whileSwapped<T>(use: () => T | Promise<T>): Promise<T>;
  dispose(): void;
}

interface Entry {
  readonly average: Variable;
  count: number;
}

const table = { decay: [properFraction, undefined], from: [count, 0], every: [integer, 1] } as const;

/**
 * Averages the weights over training: an exponential moving average (Polyak & Juditsky 1992) or stochastic weight
 * averaging (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407).
 *
 * After the n-th averaged update a ← a + c·(w − a) with c = 1/n for the mean, and c = (1 − decay)/(1 − decayⁿ) for the
 * moving average, which is the bias-corrected one: its weights always sum to 1, and the first average is w itself.
 * Statistics of batch normalisation belong to the weights they were made with: `recalibrateBatchNorm` makes those of the
 * average. Averages are saved with the training and go on bit for bit.
 *
 * @example
 * const average = weightAverage({ decay: 0.999 });
 * bindOptimizer(model.optimizer, plan, { hooks: [average] });
 * await model.fit(xs, ys);
 * const [loss] = await average.whileSwapped(() => model.evaluate(xs, ys));
 */
export function weightAverage(options?: WeightAverageOptions): WeightAverage {
  const { decay, from, every } = checkOptions<object, typeof table>('weightAverage', table, options);
  const entries = new Map<string, Entry>();
  let swapped = false;

  const weightOf = (name: string): Variable => engine().registeredVariables[name]!;
  const inPlace = (what: string): void => {
    if (swapped)
      refuse('state', '', `weightAverage: the average stands in the place of the weights; call swap before ${what}`);
  };

  function average(name: string): void {
    const weight = weightOf(name);
    const entry = entries.get(name);
    if (entry === undefined) {
      entries.set(name, { average: tidy(() => variable(clone<Tensor>(weight), false)), count: 1 });
      return;
    }
    entry.count++;
    const share = decay === undefined ? 1 / entry.count : (1 - decay) / (1 - decay ** entry.count);
    tidy(() => entry.average.assign(add(entry.average, mul(sub(weight, entry.average), share))));
  }

  function exchange(): void {
    for (const [name, { average: mean }] of entries) {
      const weight = weightOf(name);
      const held = clone<Tensor>(weight);
      weight.assign(mean);
      mean.assign(held);
      held.dispose();
    }
    swapped = !swapped && entries.size > 0;
  }

  function clear(): void {
    dispose([...entries.values()].map((entry) => entry.average));
    entries.clear();
    swapped = false;
  }

  return {
    name: 'weightAverage',
    get swapped() {
      return swapped;
    },
    update(gradients, { step }, next) {
      inPlace('the next update');
      const made = next(gradients);
      const updates = step + 1;
      if (made && updates >= from && (updates - from) % every === 0)
        for (const { name, tensor } of gradients) if (tensor) average(name);
    },
    swap: exchange,
    async whileSwapped(use) {
      inPlace('whileSwapped');
      exchange();
      try {
        return await use();
      } finally {
        if (swapped) exchange();
      }
    },
    state() {
      inPlace('saving');
      return [...entries.values()].map(({ count }) => count);
    },
    restore(state) {
      const counts = state as readonly number[];
      if (!Array.isArray(state) || counts.length !== entries.size || !counts.every((count) => count >= 1))
        refuse('state', '', `weightAverage: the saved counts must be ${entries.size} numbers >= 1`);
      [...entries.values()].forEach((entry, i) => (entry.count = counts[i]!));
    },
    tensors: () => Object.fromEntries([...entries].map(([name, entry]) => [name, entry.average])),
    restoreTensors(tensors, rename) {
      clear();
      for (const [name, mean] of Object.entries(tensors))
        entries.set(rename(name), { average: tidy(() => variable(clone(mean as Tensor), false)), count: 0 });
    },
    dispose: clear,
  };
}
