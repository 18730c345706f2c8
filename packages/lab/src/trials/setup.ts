import { parsePlan, type Horizon, type Parser, type Plan } from '@anneal/core';
import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import { backendName } from '../learners/backendName.ts';
import type { OptimizerRecipe, OptimizerSettings } from '../optimizers/optimizerRecipe.ts';
import { recipeNamed, settingsOf } from '../optimizers/recipeNamed.ts';
import type { Source } from '../tasks/source.ts';
import type { Task } from '../tasks/task.ts';
import { taskNamed } from '../tasks/taskNamed.ts';
import { checkControllers, reportedMetrics } from './checkControllers.ts';
import type { Checkpoint } from './checkpoint.ts';
import { checkTrial } from './checkTrial.ts';
import { continued } from './continued.ts';
import { durationSteps } from './durationSteps.ts';
import { rollbackMetric, withRollback } from './rollback.ts';
import type { Trial } from './trial.ts';
import { canonicalTrial, trialId } from './trialId.ts';

/** A trial made ready once: parsed, checked, resolved to its length. Learner and loop read this, never the trial's words. */
export interface Setup {
  /** Identity of the trial. */
  readonly id: string;
  /** In canonical form. */
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
  /** What the training loop reports to the plan's controllers beside `batchLoss`, which learners report. */
  readonly reports: readonly string[];
  /** Batches of one update. */
  readonly accumulate: number;
  /** Updates in an epoch; with accumulation fewer than batches. */
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Updates between validations. */
  readonly validateSteps: number;
  /** The checkpoint of another trial that this one goes on from. */
  readonly parent: Checkpoint | undefined;
  /** What `parsePlan` needs to resolve `"10%"` and `"5ep"`. */
  readonly horizon: Horizon & { readonly totalSteps: number; readonly stepsPerEpoch: number };
}

/** What a trial is made ready with. */
export interface SetupOptions {
  /** Finds the task; default by name among the lab's. */
  readonly task?: (name: string) => Task | Promise<Task>;
  /** Reads the schedule; default core's `parsePlan`, which knows the schedules of core. */
  readonly parse?: Parser;
  /** The checkpoint that the trial says it goes on from. */
  readonly parent?: Checkpoint | undefined;
}

/**
 * Makes a trial ready. Everything that can be wrong with it is found here, but for what a backend says about the plan.
 *
 * Throws a {@link LabError} or ScheduleError that names the thing, the rule and what was received.
 */
export async function createSetup(given: Trial, options: SetupOptions = {}): Promise<Setup> {
  checkTrial(given);
  const trial = { ...canonicalTrial(given), backend: backendName(given.backend) };
  const { seed, batchSize, budget, accumulate = 1, validateEvery = '1ep' } = trial;
  const task = await (options.task ?? taskNamed)(trial.task);
  const { name, ...own } = trial.optimizer;
  const recipe = await recipeNamed(name);
  const settings = settingsOf(recipe, own);
  const source = await task.open({ seed, batchSize });
  const stepsPerEpoch = Math.floor(source.stepsPerEpoch / accumulate);
  if (stepsPerEpoch < 1) {
    const rule = `an integer from 1 to the ${source.stepsPerEpoch} batches of an epoch`;
    throw new LabError('invalid', `accumulate must be ${rule}; received ${accumulate}`);
  }
  const totalSteps = 'epochs' in budget ? budget.epochs * stepsPerEpoch : budget.updates;
  const horizon = { totalSteps, stepsPerEpoch };
  const parse = options.parse ?? parsePlan;
  const parsed = continued(trial, horizon, options.parent, (within) => parse(trial.schedule, within));
  checkControllers(parsed, task, trial.patience);
  return {
    id: trialId(trial),
    trial,
    task,
    recipe,
    settings,
    source,
    plan: trial.onDivergence === 'rollback' ? withRollback(parsed) : parsed,
    groups: Object.fromEntries(
      Object.entries(trial.groups ?? {}).map(([group, pattern]) => [group, new RegExp(pattern)]),
    ),
    reports: [...reportedMetrics(task), rollbackMetric],
    accumulate,
    stepsPerEpoch,
    totalSteps,
    parent: options.parent,
    validateSteps: durationSteps('validateEvery', validateEvery, horizon),
    horizon,
  };
}

/** A batch like those to come, for what is made for its shapes. */
export function exampleOf({ source }: Pick<Setup, 'source'>): Batch | Promise<Batch> {
  return source.example ?? source.batch(0, () => Promise.reject(new LabError('invalid', 'the source has no example')));
}
