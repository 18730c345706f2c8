import { reduceOnPlateau, type Track } from '@anneal/core';
import { flag, rate } from '@anneal/core/kinds';
import { plateauArguments, readPlateauArguments, unnamedMetric } from '../plateau.ts';
import { readArguments } from '../readArguments.ts';

const table = {
  learning_rate: rate,
  ...plateauArguments,
  epsilon: [rate, 1e-8],
  verbose: [flag, false],
} as const;

/**
 * Paddle's ReduceOnPlateau: PyTorch's, but a report during the cooldown is not looked at at all, and the first one is
 * the best so far whatever it is.
 */
export function readPlateau(args: unknown, path: string): Track {
  const { learning_rate, ...options } = readArguments('ReduceOnPlateau', args, table, path);
  const use = reduceOnPlateau({
    ...readPlateauArguments(options),
    monitor: unnamedMetric(options.mode, 'loss'),
    reduceFactor: options.factor,
    minChange: options.epsilon,
    bestInCooldown: false,
    firstIsBest: true,
  });
  return { schedule: learning_rate, controllers: { plateau: { use } } };
}
