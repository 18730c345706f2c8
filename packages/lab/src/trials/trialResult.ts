import type { Split } from '../tasks/source.ts';
import type { Trial } from './trial.ts';

/** Metrics by name; null where one is not finite. */
export type Measured = Readonly<Record<string, number | null>>;

/** How a trial ended. */
export type Ended = 'completed' | 'early' | 'diverged' | 'pruned' | 'aborted' | 'failed';

/** One look at a split, after `step` updates. */
export interface CurvePoint {
  readonly step: number;
  readonly split: Split;
  readonly measured: Measured;
}

/** What a trial came to: plain JSON, a line of `trials.jsonl`. */
export interface TrialResult {
  /** The trial's identity. */
  readonly id: string;
  readonly trial: Trial;
  readonly ended: Ended;
  /** Updates made. */
  readonly updates: number;
  /** Why it ended before its budget, as a sentence; null where it did not. */
  readonly reason: string | null;
  /** Updates after which the tested weights were taken. */
  readonly testedStep: number;
  /** `train`: the mean loss of the last epoch. The others: the tested weights on that split. */
  readonly measured: Readonly<Partial<Record<Split, Measured>>>;
  /** The validations, and the mean training loss of each epoch. */
  readonly curve: readonly CurvePoint[];
  /** Seconds for one update, evaluation and checkpoints apart. */
  readonly stepSeconds: number;
}
