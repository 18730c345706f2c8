import { reduceOnPlateau, type Plan } from '@anneal/core';
import { rate } from '@anneal/core/kinds';
import { plateauArguments, readPlateauArguments, unnamedMetric } from '../plateau.ts';
import { readArguments } from '../readArguments.ts';
import { verbose } from './arguments.ts';

const table = { ...plateauArguments, eps: [rate, 1e-8], verbose } as const;

/**
 * ReduceLROnPlateau as a controller on a constant rate. `step` is handed a metric once an epoch, without its name: it is
 * `monitor` where that is known, else "loss", or "val_accuracy" where it shall rise.
 *
 * A relative threshold is a share of the best metric with its sign, so below zero a metric improves by getting a little
 * worse; a reduction by no more than eps is not made.
 */
export function readPlateau(given: unknown, lr: number, path: string, monitor?: string): Plan {
  const args = readArguments('ReduceLROnPlateau', given, table, path);
  const plateau = reduceOnPlateau({
    ...readPlateauArguments(args),
    monitor: monitor ?? unnamedMetric(args.mode, 'loss'),
    reduceFactor: args.factor,
    minChange: args.eps,
  });
  return { learningRate: { schedule: lr, controllers: { plateau: { use: plateau } } } };
}
