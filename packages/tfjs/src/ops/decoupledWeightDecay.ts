import { checkOptions, positiveFactor } from '@anneal/core/options';
import { engine, mul, tidy } from '@tensorflow/tfjs-core';
import { rule } from '../checkArguments.ts';
import { refuse } from '../refuse.ts';
import type { UpdateHook } from '../updateHook.ts';

/** A variable as a mask sees it. */
export interface VariableInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface WeightDecayOptions {
  /**
   * True for the variables that decay. Default: all, as in PyTorch. `({ shape }) => shape.length > 1` leaves out biases
   * and the scales of normalisation.
   */
  readonly mask?: (variable: VariableInfo) => boolean;
  /**
   * Makes decay independent of how large the rate is: w ← w·(1 − wd·lr/referenceRate), so that only the rate's shape
   * counts (Loshchilov & Hutter 2019, algorithm 2, with ηₜ = lr/referenceRate). Default: w ← w·(1 − wd·lr).
   */
  readonly referenceRate?: number;
}

const table = {
  mask: [rule<(variable: VariableInfo) => boolean>('a function', (value) => typeof value === 'function'), () => all],
  referenceRate: [positiveFactor, 1],
} as const;

const all = (): boolean => true;

/**
 * Decoupled weight decay: w ← w·(1 − lr·wd) before each update, with the rate in force and the plan's track
 * `weightDecay`. With Adam this is AdamW, in PyTorch's order (Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101).
 *
 * Throws at the first update if the plan has no such track.
 *
 * The factor is computed in float64 and rounded to float32 once. Variables without a gradient do not decay.
 *
 * @example
 * const plan = { learningRate: cosineDecay({ initValue: 1e-3, decaySteps: 1000 }), weightDecay: 0.01 };
 * bindOptimizer(tf.train.adam(1e-3), plan, { hooks: [decoupledWeightDecay({ mask: ({ shape }) => shape.length > 1 })] });
 */
export function decoupledWeightDecay(options?: WeightDecayOptions): UpdateHook {
  if (typeof options === 'number' || Object.keys(options ?? {}).some((key) => /^(weight_?)?decay$/i.test(key)))
    refuse(
      'invalid',
      '',
      'decoupledWeightDecay: how much decays is a track of the plan: { learningRate, weightDecay: 0.01 }',
      options,
    );
  const { mask, referenceRate } = checkOptions<object, typeof table>('decoupledWeightDecay', table, options);
  let used: Record<string, { weightDecay: number }> = {};
  return {
    name: 'decoupledWeightDecay',
    tracks: ['weightDecay'],
    update(gradients, { values, valuesOf }, next) {
      if (![values, ...Object.values(values.groups ?? {})].some(({ weightDecay }) => weightDecay !== undefined))
        refuse('required', '/weightDecay', 'decoupledWeightDecay: the plan must drive weightDecay');
      used = {};
      for (const { name, tensor } of gradients) {
        if (tensor === null || tensor === undefined) continue;
        const { learningRate, weightDecay } = valuesOf(name);
        if (weightDecay === undefined) continue;
        const factor = Math.fround(1 - (learningRate / referenceRate) * weightDecay);
        const variable = engine().registeredVariables[name]!;
        if (!mask(variable)) continue;
        used[name] = { weightDecay };
        if (factor !== 1) tidy(() => variable.assign(mul(variable, factor)));
      }
      next(gradients);
    },
    applied: () => used,
  };
}
