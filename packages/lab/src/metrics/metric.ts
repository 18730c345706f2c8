import type { Json } from '@anneal/core';
import type { Batch } from '../data/tensor.ts';

/** How a metric's value is written, as `formatNumber` of @anneal/chart does it: a share as a percentage. */
export type Unit = 'share' | 'nats' | 'return' | 'number';

/**
 * A reducer over batches, as a controller is one over reports: what a model's outputs are worth.
 *
 * It keeps nothing itself; the state is threaded through and is plain JSON. It computes in float64 whatever the backend,
 * so backends differ by their outputs alone.
 */
export interface Metric<State extends Json = Json> {
  /** `"accuracy"`; in reports to controllers `"val_accuracy"`. */
  readonly name: string;
  /** Whether less or more of it is better. */
  readonly goal: 'min' | 'max';
  readonly unit: Unit;
  init(): State;
  /** Takes in the outputs of the model for a batch, by their names, and the batch itself. */
  add(state: State, outputs: Batch, batch: Batch): State;
  /** NaN where nothing was added, or a number that counts was not finite. */
  value(state: State): number;
}
