import { constant, piecewiseConstant, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { countOrZero, lastEpoch, shareOfRate } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** ConstantLR: factor times the base rate for total_iters steps, then the base rate. */
export const constantLR: ReadLeaf = (given, group, path) => {
  const table = { factor: [shareOfRate, 1 / 3], total_iters: [countOrZero, 5], last_epoch: lastEpoch } as const;
  const { factor, total_iters } = readArguments('ConstantLR', given, table, path);
  if (factor === 0 && total_iters > 0)
    throw refuse('invalid', 'ConstantLR', 'factor', '> 0, as PyTorch divides by it at total_iters', factor, path);
  // With total_iters = 0 the step that would restore the rate never comes.
  const course = (rate: number): DescribedSchedule =>
    total_iters === 0
      ? constant({ value: rate * factor })
      : piecewiseConstant({ boundaries: [total_iters], values: [rate * factor, rate] });
  const base = baseRate(group);
  const leaf = ratioLeaf(base, course, (rate) => rate * factor);
  // At a milestone PyTorch uses the closed form, which does know total_iters = 0.
  return total_iters === 0 ? { ...leaf, resumed: () => constant({ value: base }) } : leaf;
};
