import type { TrainingEvent } from '../trials/events.ts';
import type { Trial } from '../trials/trial.ts';
import type { TrialResult } from '../trials/trialResult.ts';

/** What an executor tells whoever runs it; `id` is the identity of the trial. */
export interface ExecutorHost {
  readonly signal: AbortSignal;
  /** What happened, in order; a stretch of updates at once. */
  events(id: string, events: readonly TrainingEvent[]): void;
  /** The checkpoint to go on from, if there is one. */
  restore(id: string): Promise<Uint8Array | undefined>;
  checkpoint(id: string, bytes: Uint8Array): Promise<void>;
  /** Asked after each validation: whether the trial should end as pruned. */
  prune?(running: Pick<TrialResult, 'trial' | 'curve'>): boolean | Promise<boolean>;
  done(result: TrialResult): void;
}

/**
 * Where trials run. It takes several at once, so that one may run them beside each other, or stack those that can be.
 * A trial that throws is told as `failed` with its sentence; the others go on.
 */
export interface Executor {
  /** How many trials it runs at once. */
  readonly slots: number;
  run(trials: readonly Trial[], host: ExecutorHost): Promise<void>;
}
