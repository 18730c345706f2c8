import { constant, piecewiseConstant, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { durationOrZero, lastEpoch, shareOfRate, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** ConstantLR: factor times the base rate for total_iters steps, then the base rate. */
export const constantLR: ReadLeaf = (given, group, path) => {
  const table = {
    factor: [shareOfRate, 1 / 3],
    total_iters: [durationOrZero, 5],
    last_epoch: lastEpoch,
    verbose,
  } as const;
  const { factor, total_iters } = readArguments('ConstantLR', given, table, path);
  // The rate is restored at the very step total_iters, which with 0 or a fraction never comes.
  const restores = total_iters > 0 && Number.isInteger(total_iters);
  if (factor === 0 && restores)
    throw refuse('invalid', 'ConstantLR', 'factor', '> 0, as PyTorch divides by it at total_iters', factor, path);
  const course = (rate: number): DescribedSchedule =>
    restores
      ? piecewiseConstant({ boundaries: [total_iters], values: [rate * factor, rate] })
      : constant({ value: rate * factor });
  const base = baseRate(group);
  const leaf = ratioLeaf(base, course, (rate) => rate * factor);
  // At a milestone PyTorch uses the closed form, which does know total_iters = 0.
  return total_iters === 0 ? { ...leaf, resumed: () => constant({ value: base }) } : leaf;
};
