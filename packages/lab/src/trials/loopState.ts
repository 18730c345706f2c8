import type { BestState, Json, SchedulerState } from '@anneal/core';
import type { Trial } from './trial.ts';
import type { CurvePoint, TrialResult } from './trialResult.ts';

/** Where the training loop stands: plain JSON. */
export interface LoopState {
  readonly version: 1;
  /** The trial, and its identity. */
  readonly trial: Trial;
  readonly id: string;
  /** Updates made, and planned. */
  readonly step: number;
  readonly totalSteps: number;
  /** Losses of the epoch under way, summed, and of how many updates; with them the mean of the last whole epoch. */
  readonly epochLoss: { readonly sum: number; readonly updates: number; readonly last: number | null };
  /** Of the guiding metric over the validations, and after how many updates the best one was. */
  readonly best: BestState;
  readonly bestStep: number | null;
  /** How often the run went back to the same place. */
  readonly rollbacks: number;
  readonly curve: readonly CurvePoint[];
  readonly milliseconds: number;
  /** What seed and step do not determine of the batches to come. */
  readonly source: Json;
  /** The scheduler where the learner was saved: for whoever goes on from here in another way. */
  readonly scheduler: SchedulerState;
  /** Present once the run has ended; then nothing is left to do. */
  readonly result?: TrialResult;
}
