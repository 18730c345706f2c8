import { constant, reduceOnPlateau, type Plan } from '@anneal/core';
import { choice, count, factor, properFraction, rate as rateKind } from '@anneal/core/kinds';
import { unnamedMetric } from '../plateau.ts';
import { readArguments } from '../readArguments.ts';
import { commonArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const { t_in_epochs: _, ...common } = commonArguments;

const table = {
  decay_rate: [properFraction, 0.1],
  patience_t: [count, 10],
  threshold: [factor, 1e-4],
  cooldown_t: [count, 0],
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
  const args = readArguments('PlateauLRScheduler', given, table, path);
  const plateau = reduceOnPlateau({
    // timm's training hands it the metric of the evaluation after each epoch.
    monitor: unnamedMetric(args.mode, 'val_loss'),
    mode: args.mode,
    reduceFactor: args.decay_rate,
    patience: args.patience_t,
    threshold: args.threshold,
    thresholdMode: 'signedRelative',
    cooldown: args.cooldown_t,
    minFactor: Math.min(1, args.lr_min / rate),
    minChange: 1e-8,
  });
  const { warmup_t, noise_range_t: range, noise_seed } = args;
  const first = (from: number): number => Math.max(from, warmup_t + 1);
  const noise_range_t =
    range === null ? null : typeof range === 'number' ? first(range) : ([first(range[0]), range[1]] as const);
  const course = warmed({ ...args, warmup_prefix: true }, rate, constant({ value: rate }));
  return {
    learningRate: {
      schedule: noisy({ ...args, noise_range_t, noise_seed: noise_seed ?? 42 }, course, args.noise_type),
      controllers: { plateau: { use: plateau, ...(warmup_t > 0 && { from: warmup_t }) } },
    },
  };
}
