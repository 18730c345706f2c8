import type { TrainingEvent } from '../trials/events.ts';
import type { Trial } from '../trials/trial.ts';
import type { CurvePoint, TrialResult } from '../trials/trialResult.ts';

/** Something that a module exports, named so that another thread can import it. */
export interface Exported {
  /** As `import()` takes it: a package, or the URL of a file. */
  readonly module: string;
  readonly name: string;
}

/** What a worker is started with. */
export interface WorkerOptions {
  /** A parser of schedules; default core's. */
  readonly parse?: Exported | undefined;
  /** A function that finds tasks by name; default the lab's. */
  readonly task?: Exported | undefined;
  readonly checkpointSteps?: number | undefined;
}

/** To a worker. Every request of the worker is answered in turn. */
export type ToWorker =
  | { readonly kind: 'run'; readonly trial: Trial }
  | { readonly kind: 'abort' }
  | { readonly kind: 'restored'; readonly file: Uint8Array | undefined }
  | { readonly kind: 'kept' }
  | { readonly kind: 'pruned'; readonly prune: boolean };

/** From a worker: what happened, and requests. */
export type FromWorker =
  | { readonly kind: 'events'; readonly id: string; readonly events: readonly TrainingEvent[] }
  | { readonly kind: 'restore'; readonly id: string }
  | { readonly kind: 'checkpoint'; readonly id: string; readonly file: Uint8Array }
  | { readonly kind: 'prune'; readonly trial: Trial; readonly curve: readonly CurvePoint[] }
  | { readonly kind: 'done'; readonly result: TrialResult };
