import { greedy, type Plan } from '@anneal/core';
import { factor, flag, properFraction, rate, real, stepsOrZero } from '@anneal/core/kinds';
import { plateauArguments, readPlateauArguments } from '../plateau.ts';
import { readArguments, refuse } from '../readArguments.ts';

const table = {
  ...plateauArguments,
  factor: [properFraction, 0.95],
  threshold: [factor, 1e-6],
  threshold_mode: [plateauArguments.threshold_mode[0], 'abs'],
  warmup: [stepsOrZero, 0],
  min_lr: [rate, 1e-3],
  max_lr: [rate, 1],
  eps: [rate, 1e-8],
  verbose: [flag, false],
  smooth: [flag, false],
  window_size: [real, 50],
  reset_start: [stepsOrZero, 500],
} as const;

/** GreedyLR as a controller on a constant rate. `verbose` only prints. */
export function readGreedy(given: unknown, lr: number, path: string, monitor: string): Plan {
  const args = readArguments('GreedyLR', given, table, path);
  const window = args.smooth ? Math.floor(args.window_size) : 1;
  if (window < 1) throw refuse('invalid', 'GreedyLR', 'window_size', 'a number >= 1', args.window_size, path);
  if (args.factor === 0) throw refuse('invalid', 'GreedyLR', 'factor', 'a number in (0, 1)', 0, path);
  const controller = greedy({
    ...readPlateauArguments(args),
    monitor,
    changeFactor: args.factor,
    rest: Math.ceil(args.warmup),
    ...limitsOf(args, lr),
    minFactor: 0,
    maxFactor: Number.MAX_VALUE,
    minChange: args.eps,
    window,
    // It is counted down before it is compared with 0.
    resetAfter: Math.max(1, Math.ceil(args.reset_start)),
  });
  return { learningRate: { schedule: lr, controllers: { greedy: { use: controller } } } };
}

/**
 * What neither direction goes past. With max_lr below min_lr no change leads between them: a rate above falls to min_lr,
 * one below rises to max_lr, and one between them stays.
 */
function limitsOf(
  { min_lr, max_lr }: { readonly min_lr: number; readonly max_lr: number },
  lr: number,
): { readonly minValue: number; readonly maxValue: number } {
  if (min_lr <= max_lr) return { minValue: min_lr, maxValue: max_lr };
  const only = Math.min(min_lr, Math.max(max_lr, lr));
  return { minValue: only, maxValue: only };
}
