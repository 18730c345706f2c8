import { metricDirection, reduceOnPlateau, type Track } from '@anneal/core';
import { choice, count, properFraction, rate, real, text } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { verbosity } from './kinds.ts';

const table = {
  monitor: [text, 'val_loss'],
  factor: [properFraction, 0.1],
  patience: [count, 10],
  verbose: [verbosity, 0],
  mode: [choice('auto', 'min', 'max'), 'auto'],
  min_delta: [real, 1e-4],
  cooldown: [count, 0],
  min_lr: [rate, 0],
} as const;

/**
 * Keras' ReduceLROnPlateau over a rate.
 *
 * Keras reduces when `patience` bad reports have come (0 is the same as 1), ends the cooldown one report early (1 is
 * the same as 0), adds |min_delta| to the metric before it compares, and takes the first report for the best even if it
 * is NaN.
 */
export function readPlateau(config: unknown, lr: number): Track {
  const args = readArguments('ReduceLROnPlateau', config, table, '/config');
  const mode = args.mode === 'auto' ? metricDirection(args.monitor) : args.mode;
  if (mode === undefined) {
    const rule = `"min" or "max" for the metric ${JSON.stringify(args.monitor)}, whose direction its name does not tell`;
    throw refuse('invalid', 'ReduceLROnPlateau', 'mode', rule, args.mode, '/config');
  }
  const use = reduceOnPlateau({
    monitor: args.monitor,
    mode,
    reduceFactor: args.factor,
    patience: Math.max(args.patience, 1) - 1,
    threshold: Math.abs(args.min_delta),
    thresholdMode: 'shiftedMetric',
    cooldown: Math.max(args.cooldown, 1) - 1,
    minValue: args.min_lr,
    firstIsBest: true,
  });
  return { schedule: lr, controllers: { plateau: { use } } };
}
