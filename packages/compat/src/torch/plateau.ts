import { reduceOnPlateau, type Plan } from '@anneal/core';
import { choice, count, factor, properFraction, rate } from '@anneal/core/kinds';
import { readArguments } from '../readArguments.ts';

const table = {
  mode: [choice('min', 'max'), 'min'],
  factor: [properFraction, 0.1],
  patience: [count, 10],
  threshold: [factor, 1e-4],
  threshold_mode: [choice('rel', 'abs'), 'rel'],
  cooldown: [count, 0],
  min_lr: [rate, 0],
  eps: [rate, 1e-8],
} as const;

/**
 * ReduceLROnPlateau as a controller on a constant rate; it reads the metric "loss".
 *
 * A relative threshold is a share of the best metric with its sign, so below zero a metric improves by getting a little
 * worse; a reduction by no more than eps is not made.
 */
export function readPlateau(given: unknown, lr: number, path: string): Plan {
  const args = readArguments('ReduceLROnPlateau', given, table, path);
  const plateau = reduceOnPlateau({
    mode: args.mode,
    reduceFactor: args.factor,
    patience: args.patience,
    threshold: args.threshold,
    thresholdMode: args.threshold_mode === 'rel' ? 'signedRelative' : 'absolute',
    cooldown: args.cooldown,
    minValue: args.min_lr,
    minChange: args.eps,
  });
  return { learningRate: { schedule: lr, controllers: { plateau: { use: plateau } } } };
}
