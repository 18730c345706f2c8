import { greedy, type Plan } from '@anneal/core';
import { choice, count, factor, flag, integer, properFraction, rate } from '@anneal/core/kinds';
import { readArguments } from '../readArguments.ts';

const table = {
  mode: [choice('min', 'max'), 'min'],
  factor: [properFraction, 0.95],
  patience: [count, 10],
  threshold: [factor, 1e-6],
  threshold_mode: [choice('rel', 'abs'), 'abs'],
  cooldown: [count, 0],
  warmup: [count, 0],
  min_lr: [rate, 1e-3],
  max_lr: [rate, 1],
  eps: [rate, 1e-8],
  verbose: [flag, false],
  smooth: [flag, false],
  window_size: [integer, 50],
  reset_start: [integer, 500],
} as const;

/** GreedyLR as a controller on a constant rate; it reads the metric "loss". `verbose` only prints. */
export function readGreedy(given: unknown, lr: number, path: string): Plan {
  const args = readArguments('GreedyLR', given, table, path);
  const controller = greedy({
    mode: args.mode,
    changeFactor: args.factor,
    patience: args.patience,
    threshold: args.threshold,
    thresholdMode: args.threshold_mode === 'rel' ? 'signedRelative' : 'absolute',
    cooldown: args.cooldown,
    rest: args.warmup,
    minValue: args.min_lr,
    maxValue: args.max_lr,
    minFactor: 0,
    maxFactor: Number.MAX_VALUE,
    minChange: args.eps,
    window: args.smooth ? args.window_size : 1,
    resetAfter: args.reset_start,
  });
  return { learningRate: { schedule: lr, controllers: { greedy: { use: controller } } } };
}
