import { constant, multiStepDecay, piecewiseConstant, stepDecay, type DescribedSchedule } from '@anneal/core';
import { factor, flag, list, steps, stepsOrZero } from '@anneal/core/kinds';
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
  const course = stepDecay({ initValue: rate, dropFactor: args.decay_rate, dropSteps: divisor(args.decay_t) });
  return noisy('StepLRScheduler', args, warmed(args, rate, course), path);
}

/** Drops one t before each of decay_t: timm counts those that are at most t + 1, by halves, also where they are not sorted. */
export function multiStepScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('MultiStepLRScheduler', given, { decay_t: list(stepsOrZero, 0), ...shared }, path);
  return noisy('MultiStepLRScheduler', args, warmed(args, rate, dropping(rate, args.decay_t, args.decay_rate)), path);
}

function dropping(initValue: number, decay_t: readonly number[], dropFactor: number): DescribedSchedule {
  if (decay_t.length === 0) return constant({ value: initValue });
  const sorted = [...decay_t].sort((a, b) => a - b);
  const boundaries = sorted.map((at) => Math.max(0, at - 1));
  const counts = sorted.map((at) => countedBy(decay_t, at));
  if (counts.every((count, i) => count === countedBy(sorted, sorted[i]!)))
    return multiStepDecay({ initValue, boundaries, dropFactor });
  return piecewiseConstant({ boundaries, values: [0, ...counts].map((count) => initValue * dropFactor ** count) });
}

/** Python's bisect_right. */
function countedBy(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (value < list[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The length by which t divides as Python's // does, which takes the quotient before rounding: 11 // 1.1 is 9, as the double
 * is a little above 1.1. Where the quotient is rounded up to a whole number, the next double gives the one below.
 */
function divisor(length: number): number {
  for (let t = 1; t < 10_000; t += 1) {
    const quotient = t / length;
    if (Number.isInteger(quotient) && t % length > length / 2) return length * (1 + 2 ** -52);
  }
  return length;
}
