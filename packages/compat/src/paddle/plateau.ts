import { reduceOnPlateau, type Track } from '@anneal/core';
import { choice, count, factor, flag, properFraction, rate } from '@anneal/core/kinds';
import { readArguments } from '../readArguments.ts';

const table = {
  learning_rate: rate,
  mode: [choice('min', 'max'), 'min'],
  factor: [properFraction, 0.1],
  patience: [count, 10],
  threshold: [factor, 1e-4],
  threshold_mode: [choice('rel', 'abs'), 'rel'],
  cooldown: [count, 0],
  min_lr: [rate, 0],
  epsilon: [rate, 1e-8],
  verbose: [flag, false],
} as const;

/**
 * Paddle's ReduceOnPlateau: PyTorch's, but a report during the cooldown is not looked at at all, and the first one is
 * the best so far whatever it is.
 */
export function readPlateau(args: unknown, path: string): Track {
  const { learning_rate, ...options } = readArguments('ReduceOnPlateau', args, table, path);
  const use = reduceOnPlateau({
    mode: options.mode,
    reduceFactor: options.factor,
    patience: options.patience,
    threshold: options.threshold,
    thresholdMode: options.threshold_mode === 'rel' ? 'signedRelative' : 'absolute',
    cooldown: options.cooldown,
    minValue: options.min_lr,
    minChange: options.epsilon,
    bestInCooldown: false,
    firstIsBest: true,
  });
  return { schedule: learning_rate, controllers: { plateau: { use } } };
}
