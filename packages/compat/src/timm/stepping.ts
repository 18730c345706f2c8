import { constant, multiStepDecay, stepDecay, type DescribedSchedule } from '@anneal/core';
import { count, factor, flag, list, steps } from '@anneal/core/kinds';
import { readArguments } from '../readArguments.ts';
import { commonArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const shared = {
  decay_rate: [factor, 1],
  ...warmupArguments,
  warmup_prefix: [flag, true],
  ...commonArguments,
} as const;

export function stepScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('StepLRScheduler', given, { decay_t: steps, ...shared }, path);
  const course = stepDecay({ initValue: rate, dropFactor: args.decay_rate, dropSteps: args.decay_t });
  return noisy(args, warmed(args, rate, course));
}

/** Drops one t before each of decay_t: timm counts those that are at most t + 1. */
export function multiStepScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('MultiStepLRScheduler', given, { decay_t: list(count, 0), ...shared }, path);
  const boundaries = args.decay_t.map((at) => Math.max(0, at - 1));
  const course =
    boundaries.length === 0
      ? constant({ value: rate })
      : multiStepDecay({ initValue: rate, boundaries, dropFactor: args.decay_rate });
  return noisy(args, warmed(args, rate, course));
}
