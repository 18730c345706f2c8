import { constant, hold, linear, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { durationOrZero, lastEpoch, positiveShareOfRate, shareOfRate, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** LinearLR: from start_factor to end_factor times the base rate in total_iters steps. */
export const linearLR: ReadLeaf = (given, group, path) => {
  const table = {
    start_factor: [positiveShareOfRate, 1 / 3],
    end_factor: [shareOfRate, 1],
    total_iters: [durationOrZero, 5],
    last_epoch: lastEpoch,
    verbose,
  } as const;
  const { start_factor, end_factor, total_iters } = readArguments('LinearLR', given, table, path);
  const steps = Math.floor(total_iters);
  // Before one whole step the first factor is never left; a line of a fraction of steps stops at its last whole one.
  const course = (rate: number): DescribedSchedule => {
    if (steps === 0) return constant({ value: rate * start_factor });
    const line = linear({ initValue: rate * start_factor, endValue: rate * end_factor, decaySteps: total_iters });
    return steps === total_iters ? line : hold({ schedule: line, fromSteps: steps });
  };
  const leaf = ratioLeaf(baseRate(group), course, (rate) => rate * start_factor);
  if (total_iters > 0) return leaf;
  const atMilestone = '> 0 where a SequentialLR comes to it, as PyTorch divides by it';
  return {
    ...leaf,
    resumed: () => {
      throw refuse('invalid', 'LinearLR', 'total_iters', atMilestone, total_iters, path);
    },
  };
};
