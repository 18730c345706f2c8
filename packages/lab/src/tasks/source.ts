import type { Json } from '@anneal/core';
import { examplesIn } from '../data/rows.ts';
import type { Batch } from '../data/tensor.ts';

/** The model as it is now, run forward: its outputs by their names. */
export type Predict = (inputs: Batch) => Promise<Batch>;

/** `train` guides nothing, `validation` guides a run, `test` judges it once at the end. */
export type Split = 'train' | 'validation' | 'test';

/**
 * Where a run's batches come from: examples in an order that a seed draws, or an environment that acts with the policy it
 * trains.
 */
export interface Source {
  /** Batches in an epoch. */
  readonly stepsPerEpoch: number;
  /**
   * The batch of one step. What follows from seed and step alone is given for any step in any order; a source with a
   * `state` is asked for its steps in turn.
   */
  batch(step: number, act: Predict): Batch | Promise<Batch>;
  /** A batch of the types and shapes to come, where making one needs a policy; its numbers do not matter. */
  readonly example?: Batch;
  /** The examples of a split, some at a time, always in the same order. */
  examples(split: Split, act: Predict): Iterable<Batch> | AsyncIterable<Batch>;
  /** Only what seed and step do not determine: the place of an environment. */
  readonly state?: { save(): Json; restore(state: Json): void };
}

/** How many examples a split has; 0 for a source that acts, which makes as many as it likes. */
export async function exampleCount(source: Source, split: Split): Promise<number> {
  if (source.example !== undefined) return 0;
  let count = 0;
  const act: Predict = () => Promise.resolve({});
  for await (const batch of source.examples(split, act)) count += examplesIn(batch);
  return count;
}
