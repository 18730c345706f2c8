import type { ScheduleSpec } from '@anneal/core';
import type { TrainingEvent } from '@anneal/lab';
import type { Backend } from './backends.ts';

/** From the page to a worker: train this schedule on this backend. Ending the worker ends the run. */
export interface TrainRequest {
  readonly backend: Backend;
  readonly schedule: ScheduleSpec;
}

/** How a run ended. */
export interface RunResult {
  readonly testAccuracy: number;
  readonly finalLoss: number;
  readonly stepsPerSecond: number;
}

/** From a worker to the page. */
export type WorkerMessage =
  | { readonly type: 'events'; readonly events: readonly TrainingEvent[] }
  | { readonly type: 'done'; readonly result: RunResult }
  | { readonly type: 'failed'; readonly message: string };
