import type { PlanSpec, ScheduleSpec } from '@anneal/core';

/** How long a trial trains. */
export type Budget = { readonly epochs: number } | { readonly updates: number };

/** A length in updates, or relative to the run: `"1ep"`, `"10%"`. */
export type Duration = number | string;

/** Where a trial goes on from, and how it meets a rate that would jump there. */
export interface Continuation {
  /** Identity of the trial that made the checkpoint. */
  readonly trial: string;
  /** Updates that it had made. */
  readonly step: number;
  /** As `planResume` of @anneal/core has it; default refuse. */
  readonly onJump?: 'stretch' | 'keep' | 'rewarm';
  /** For rewarm: the updates that it takes. */
  readonly rewarmSteps?: number;
  /** Leaves the schedule there and anneals the rate to 0 over so many updates, which end the trial. */
  readonly cooldown?: number;
}

/**
 * One training run as plain JSON: a line of `trials.jsonl`, a message to a worker, a link in a page. Equal trials give
 * equal metrics, bit for bit on one backend.
 */
export interface Trial {
  /** What a study calls it: `"schedule"`, `"control"`. */
  readonly label: string;
  readonly task: string;
  readonly backend: string;
  /** Its name, and settings where they differ from the recipe's. */
  readonly optimizer: { readonly name: string } & Readonly<Record<string, number | boolean | string>>;
  /** As it was written: `"10%"` stays, and is resolved to the length of the run. */
  readonly schedule: ScheduleSpec | PlanSpec;
  /** Which parameters the plan's groups mean: a regular expression for each; the first that matches wins. */
  readonly groups?: Readonly<Record<string, string>>;
  readonly batchSize: number;
  /** Draws weights and batches. */
  readonly seed: number;
  readonly budget: Budget;
  /** Validations without improvement after which it stops early; null: never. */
  readonly patience: number | null;
  /** Time between validations; default `"1ep"`. */
  readonly validateEvery?: Duration;
  /** Whose weights are tested: default the last, and the best where it ended early or diverged. */
  readonly keep?: 'best' | 'last';
  /** Validates and tests an average of the weights: a moving one with `decay`, else the mean of all after `from` updates. */
  readonly average?: { readonly decay?: number; readonly from?: number };
  /** Batches whose mean gradient makes one update; default 1. */
  readonly accumulate?: number;
  /** Default stop. "rollback" goes back to the last good checkpoint and on with a lower rate. */
  readonly onDivergence?: 'stop' | 'rollback';
  /** Goes on from a checkpoint of another trial instead of from initial weights. */
  readonly from?: Continuation;
  /** Hash of a person's own model and data files. */
  readonly data?: string;
}
