import { stepDecay } from '@anneal/core';
import { firstWhole } from '../../firstWhole.ts';
import { readArguments } from '../../readArguments.ts';
import { gamma, lastEpoch, duration, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/**
 * StepLR: times gamma every step_size steps. Of a fraction, which PyTorch takes a remainder by, only the whole multiples
 * are steps: 2.5 drops at 5, 10 and so on.
 */
export const stepLR: ReadLeaf = (given, group, path) => {
  const table = { step_size: duration, gamma: [gamma, 0.1], last_epoch: lastEpoch, verbose } as const;
  const args = readArguments('StepLR', given, table, path);
  return ratioLeaf(
    baseRate(group),
    (rate) => stepDecay({ initValue: rate, dropFactor: args.gamma, dropSteps: firstWhole(args.step_size) }),
    (rate) => rate,
  );
};
