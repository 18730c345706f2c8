import { constant, reduceOnPlateau, type Plan } from '@anneal/core';
import { choice, count, factor, properFraction, rate as rateKind, stepsOrZero } from '@anneal/core/kinds';
import { unnamedMetric } from '../plateau.ts';
import { readArguments } from '../readArguments.ts';
import { commonArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const { t_in_epochs: _, ...common } = commonArguments;

const name = 'PlateauLRScheduler';

const table = {
  decay_rate: [properFraction, 0.1],
  patience_t: [stepsOrZero, 10],
  threshold: [factor, 1e-4],
  cooldown_t: [stepsOrZero, 0],
  ...warmupArguments,
  lr_min: [rateKind, 0],
  mode: [choice('min', 'max'), 'max'],
  ...common,
  noise_type: [choice('normal', 'uniform'), 'normal'],
  noise_seed: [count, null],
} as const;

/**
 * PlateauLRScheduler: PyTorch's plateau after a warm-up whose reports it does not read, noise on top.
 *
 * The floor is a share of the rate here, as the noise must not move it. There is no noise before or at the end of the
 * warm-up.
 */
export function readPlateauScheduler(given: unknown, rate: number, path: string): Plan {
  const args = readArguments(name, given, table, path);
  const { warmup_t, warmup_lr_init, noise_range_t: range, noise_seed } = args;
  // The last whole t of the warm-up, at which the rate stays: one that ends between two never gets there.
  const last = Math.floor(warmup_t);
  const reached = warmup_t === 0 ? rate : warmup_lr_init + last * ((rate - warmup_lr_init) / warmup_t);
  const plateau = reduceOnPlateau({
    // timm's training hands it the metric of the evaluation after each epoch.
    monitor: unnamedMetric(args.mode, 'val_loss'),
    mode: args.mode,
    reduceFactor: args.decay_rate,
    patience: Math.floor(args.patience_t),
    threshold: args.threshold,
    thresholdMode: 'signedRelative',
    cooldown: Math.ceil(args.cooldown_t),
    // Shares of the clean rate, to which timm goes back before it reduces: the noise must not move them.
    minFactor: reached === 0 ? 0 : Math.min(1, args.lr_min / reached),
    minFactorChange: Math.min(1, 1e-8 / reached),
  });
  const first = (from: number): number => Math.max(from, last + 1);
  const noise_range_t =
    range === null ? null : typeof range === 'number' ? first(range) : ([first(range[0]), range[1]] as const);
  const warm = { warmup_lr_init, warmup_t: last, warmup_prefix: true };
  const course = warmed(warm, reached, constant({ value: reached }));
  return {
    learningRate: {
      schedule: noisy(name, { ...args, noise_range_t, noise_seed: noise_seed ?? 42 }, course, path, args.noise_type),
      controllers: { plateau: { use: plateau, ...(last > 0 && { from: last + 1 }) } },
    },
  };
}
