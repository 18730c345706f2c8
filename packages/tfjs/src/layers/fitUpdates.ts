import type { Binding } from '../binding.ts';
import type { FitParams } from './closureCallback.ts';
import { updatesIn } from './totalSteps.ts';

/** How many updates a call of `fit` makes under a binding. NaN where it does not know, as with a generator. */
export interface FitUpdates {
  /** Updates in an epoch, not whole where batches are gathered across epochs. */
  readonly stepsPerEpoch: number;
  /** Updates that so many epochs make. */
  updates(epochs: number): number;
}

/** What makes one update of several batches, over all hooks. */
export function accumulationOf(hooks: Binding['hooks']): { microBatches: number; leftover: 'update' | 'drop' } {
  const microBatches = hooks.reduce((product, hook) => product * (hook.microBatches ?? 1), 1);
  return { microBatches, leftover: hooks.some(({ leftover }) => leftover === 'drop') ? 'drop' : 'update' };
}

/** The length of a fit. One of another copy of tfjs-layers may say nothing about itself. */
export function fitUpdates(params: FitParams | undefined, hooks: Binding['hooks']): FitUpdates {
  const { samples = null, batchSize, steps = null } = params ?? {};
  const batches = (samples === null ? steps : Math.ceil(samples / batchSize!)) ?? NaN;
  const { microBatches, leftover } = accumulationOf(hooks);
  return {
    stepsPerEpoch: batches / microBatches,
    updates: (epochs) => updatesIn(batches * epochs, microBatches, leftover),
  };
}
