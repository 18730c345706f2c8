import { stepDecay } from '@anneal/core';
import { readArguments } from '../../readArguments.ts';
import { gamma, lastEpoch, positiveInteger } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** StepLR: times gamma every step_size steps. */
export const stepLR: ReadLeaf = (given, group, path) => {
  const table = { step_size: positiveInteger, gamma: [gamma, 0.1], last_epoch: lastEpoch } as const;
  const args = readArguments('StepLR', given, table, path);
  return ratioLeaf(
    baseRate(group),
    (rate) => stepDecay({ initValue: rate, dropFactor: args.gamma, dropSteps: args.step_size }),
    (rate) => rate,
  );
};
