import { warmRestarts } from '@anneal/core';
import { readArguments } from '../../readArguments.ts';
import { lastEpoch, positiveInteger, rate, verbose } from '../arguments.ts';
import { baseRate, replacingLeaf, type ReadLeaf } from '../leaf.ts';

/** CosineAnnealingWarmRestarts: half waves down to eta_min, each T_mult times as long as the one before. */
export const cosineAnnealingWarmRestarts: ReadLeaf = (given, group, path) => {
  const table = {
    T_0: positiveInteger,
    T_mult: [positiveInteger, 1],
    eta_min: [rate, 0],
    last_epoch: lastEpoch,
    verbose,
  } as const;
  const { T_0, T_mult, eta_min } = readArguments('CosineAnnealingWarmRestarts', given, table, path);
  const course = warmRestarts({ initValue: baseRate(group), endValue: eta_min, cycleSteps: T_0, cycleFactor: T_mult });
  return replacingLeaf(() => course);
};
