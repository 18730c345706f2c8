import { constant, hold, polynomialDecay, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { durationOrZero, gamma as exponent, lastEpoch, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** PolynomialLR: (1 − t/total_iters)^power down to 0. */
export const polynomialLR: ReadLeaf = (given, group, path) => {
  const table = { total_iters: [durationOrZero, 5], power: [exponent, 1], last_epoch: lastEpoch, verbose } as const;
  const { total_iters, power } = readArguments('PolynomialLR', given, table, path);
  // A fraction of steps is over after its last whole one.
  const course = (rate: number, decaySteps = total_iters): DescribedSchedule => {
    const steps = Math.floor(decaySteps);
    if (steps === 0 || power === 0) return constant({ value: rate });
    const decay = polynomialDecay({ initValue: rate, decaySteps, power });
    return steps === decaySteps ? decay : hold({ schedule: decay, fromSteps: steps });
  };
  const divides = (): never => {
    const rule = '> 0 inside a sequence or its chains, as PyTorch divides by it';
    throw refuse('invalid', 'PolynomialLR', 'total_iters', rule, total_iters, path);
  };
  // A repeated step at 0 divides by the polynomial one step before its start: (1 + 1/N)^power.
  const repeated = (rate: number): number => (total_iters === 0 ? divides() : rate * course(1, total_iters + 1)(1));
  const leaf = ratioLeaf(baseRate(group), course, repeated);
  return total_iters === 0 ? { ...leaf, resumed: divides } : leaf;
};
