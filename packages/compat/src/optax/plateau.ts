import { reduceOnPlateau, type Schedule, type Track } from '@anneal/core';
import { count, factor, fraction, integer, properFraction } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';

const table = {
  factor: [properFraction, 0.1],
  patience: [count, 10],
  rtol: [fraction, 1e-4],
  atol: [factor, 0],
  cooldown: [count, 0],
  accumulation_size: [integer, 1],
  min_scale: [fraction, 0],
} as const;

/** What optax is handed with every update, without a name, as `value`. */
const monitor = 'batchLoss';

/**
 * optax.contrib.reduce_on_plateau over a rate.
 *
 * optax reduces when exactly `patience` bad reports have come, so 0 reduces at every improvement and never at a bad
 * one; it asks for both tolerances at once, the relative one with the sign of the best; its floor is on the scale.
 */
export function readPlateau(args: unknown, lr: Schedule | number): Track {
  const name = 'reduce_on_plateau';
  const { rtol, atol, ...rest } = readArguments(name, args, table, '/args');
  if (rest.factor === 0) throw refuse('invalid', name, 'factor', 'a number in (0, 1)', 0, '/args');
  if (rtol === 0 && atol === 0) throw refuse('contradiction', name, 'rtol', '> 0 where atol is 0', 0, '/args');
  const use = reduceOnPlateau({
    monitor,
    reduceFactor: rest.factor,
    patience: rest.patience,
    threshold: rtol,
    thresholdMode: 'signedRelative',
    extraThreshold: atol,
    cooldown: rest.cooldown,
    minFactor: rest.min_scale,
    accumulate: rest.accumulation_size,
    trigger: 'exactly',
  });
  return { schedule: lr, controllers: { plateau: { use } } };
}
