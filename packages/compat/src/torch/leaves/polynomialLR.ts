import { constant, polynomialDecay, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { countOrZero, lastEpoch, positive } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** PolynomialLR: (1 − t/total_iters)^power down to 0. */
export const polynomialLR: ReadLeaf = (given, group, path) => {
  const table = { total_iters: [countOrZero, 5], power: [positive, 1], last_epoch: lastEpoch } as const;
  const { total_iters, power } = readArguments('PolynomialLR', given, table, path);
  const course = (rate: number, decaySteps = total_iters): DescribedSchedule =>
    decaySteps === 0 ? constant({ value: rate }) : polynomialDecay({ initValue: rate, decaySteps, power });
  const divides = (): never => {
    const rule = '> 0 inside a sequence or its chains, as PyTorch divides by it';
    throw refuse('invalid', 'PolynomialLR', 'total_iters', rule, total_iters, path);
  };
  // A repeated step at 0 divides by the polynomial one step before its start: (1 + 1/N)^power.
  const repeated = (rate: number): number => (total_iters === 0 ? divides() : rate * course(1, total_iters + 1)(1));
  const leaf = ratioLeaf(baseRate(group), course, repeated);
  return total_iters === 0 ? { ...leaf, resumed: divides } : leaf;
};
