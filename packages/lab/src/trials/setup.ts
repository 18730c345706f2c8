import type { Horizon, Plan } from '@anneal/core';
import type { OptimizerRecipe, OptimizerSettings } from '../optimizers/optimizerRecipe.ts';
import type { Source } from '../tasks/source.ts';
import type { Task } from '../tasks/task.ts';
import type { Trial } from './trial.ts';

/** A trial made ready once: parsed, checked, resolved to its length. Learner and loop read this, never the trial's words. */
export interface Setup {
  /** Identity of the trial. */
  readonly id: string;
  readonly trial: Trial;
  readonly task: Task;
  readonly recipe: OptimizerRecipe;
  /** Of the optimizer, each one given. */
  readonly settings: OptimizerSettings;
  readonly source: Source;
  /** Resolved to the run. */
  readonly plan: Plan;
  /** Which parameters the plan's groups mean. */
  readonly groups: Readonly<Record<string, RegExp>>;
  /** Updates in an epoch; with accumulation fewer than batches. */
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly validateSteps: number;
  /** What `parsePlan` needs to resolve `"10%"` and `"5ep"`. */
  readonly horizon: Horizon & { readonly totalSteps: number; readonly stepsPerEpoch: number };
}
