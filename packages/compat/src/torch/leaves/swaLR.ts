import { constant, cosineDecay, linear, type DescribedSchedule } from '@anneal/core';
import { readArguments } from '../../readArguments.ts';
import { annealStrategy, countOrZero, lastEpoch, rate as rateKind, verbose } from '../arguments.ts';
import { baseRate, type ReadLeaf } from '../leaf.ts';

/** SWALR: from the rate in force to swa_lr in anneal_epochs steps, then swa_lr. */
export const swaLR: ReadLeaf = (given, group, path) => {
  const table = {
    swa_lr: rateKind,
    anneal_epochs: [countOrZero, 10],
    anneal_strategy: [annealStrategy, 'cos'],
    last_epoch: lastEpoch,
    verbose,
  } as const;
  const { swa_lr, anneal_epochs, anneal_strategy } = readArguments('SWALR', given, table, path);
  const shape = anneal_strategy === 'cos' ? cosineDecay : linear;
  const course = (initValue: number, endValue: number): DescribedSchedule =>
    anneal_epochs === 0 ? constant({ value: endValue }) : shape({ initValue, endValue, decaySteps: anneal_epochs });
  const remaining = course(1, 0);
  baseRate(group);
  group.swaLr = swa_lr;
  const { lr } = group;
  const end = (): number => group.swaLr!;
  return {
    schedule: () => course(lr, end()),
    link: () => ({ rule: 'approach', schedule: remaining, floorValue: end() }),
    initial: (rate) => (anneal_epochs === 0 ? end() : rate),
    // It counts its own steps, so a repeated one is its second.
    repeated: (rate) => end() + (rate - end()) * remaining(1),
    resumed: (rate) => course(rate, end()),
    ahead: 1,
  };
};
