import { greedy, type Plan } from '@anneal/core';
import { count, factor, flag, integer, properFraction, rate } from '@anneal/core/kinds';
import { plateauArguments, readPlateauArguments } from '../plateau.ts';
import { readArguments } from '../readArguments.ts';

const table = {
  ...plateauArguments,
  factor: [properFraction, 0.95],
  threshold: [factor, 1e-6],
  threshold_mode: [plateauArguments.threshold_mode[0], 'abs'],
  warmup: [count, 0],
  min_lr: [rate, 1e-3],
  max_lr: [rate, 1],
  eps: [rate, 1e-8],
  verbose: [flag, false],
  smooth: [flag, false],
  window_size: [integer, 50],
  reset_start: [integer, 500],
} as const;

/** GreedyLR as a controller on a constant rate. `verbose` only prints. */
export function readGreedy(given: unknown, lr: number, path: string, monitor: string): Plan {
  const args = readArguments('GreedyLR', given, table, path);
  const controller = greedy({
    ...readPlateauArguments(args),
    monitor,
    changeFactor: args.factor,
    rest: args.warmup,
    maxValue: args.max_lr,
    minFactor: 0,
    maxFactor: Number.MAX_VALUE,
    minChange: args.eps,
    window: args.smooth ? args.window_size : 1,
    resetAfter: args.reset_start,
  });
  return { learningRate: { schedule: lr, controllers: { greedy: { use: controller } } } };
}
