import { constant, multiStepDecay, type DescribedSchedule } from '@anneal/core';
import { readArguments } from '../../readArguments.ts';
import { gamma, lastEpoch, steps, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** MultiStepLR: times gamma at each milestone, in any order; one given twice counts twice, a fraction is no step and never comes. */
export const multiStepLR: ReadLeaf = (given, group, path) => {
  const table = { milestones: steps, gamma: [gamma, 0.1], last_epoch: lastEpoch, verbose } as const;
  const args = readArguments('MultiStepLR', given, table, path);
  const boundaries = args.milestones.filter(Number.isInteger).sort((a, b) => a - b);
  const course = (rate: number): DescribedSchedule =>
    boundaries.length === 0
      ? constant({ value: rate })
      : multiStepDecay({ initValue: rate, boundaries, dropFactor: args.gamma });
  return ratioLeaf(baseRate(group), course, (rate) => rate * course(1)(0));
};
