import { parsePlan, planToJSON, type Parser } from '@anneal/core';
import type { ExecutionOptions } from '../executors/executeTrial.ts';
import { inline } from '../executors/inline.ts';
import { LabError } from '../labError.ts';
import { backendName } from '../learners/backendName.ts';
import { backendNamed } from '../learners/backendNamed.ts';
import { html } from '../report/html.ts';
import { runKey, standing, type MetricsRow, type RunKey, type TimingRow } from '../report/metricsRow.ts';
import { differences, runSummary, type Summary } from '../report/summary.ts';
import { trainReport } from '../report/trainReport.ts';
import { peakRate } from '../studies/plans.ts';
import { runStudy, type StudyRun } from '../studies/runStudy.ts';
import { trainStudy, trialsOf, type TrainSettings } from '../studies/trainStudy.ts';
import { exampleCount } from '../tasks/source.ts';
import type { Task } from '../tasks/task.ts';
import { decodeCheckpoint } from '../trials/checkpoint.ts';
import { createSetup, type Setup } from '../trials/setup.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import type { Trial } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import { resumedSettings } from './resumedSettings.ts';
import { StudyDirectory } from './studyDirectory.ts';

export interface RunTrainOptions {
  /** A control rate of "peak" is the schedule's largest. */
  readonly settings: Omit<TrainSettings, 'controlRate'> & { readonly controlRate: number | 'peak' | null };
  /** Finds the task; default by name among the lab's. */
  readonly task?: ExecutionOptions['task'];
  /** How a command says which task it is; default `--task` and its name. */
  readonly taskWords?: string;
  /** Reads the schedule in the settings; default core's `parsePlan`, which knows the schedules of core. */
  readonly parse?: Parser;
  /** The folder to write to. */
  readonly out: string;
  /** Goes on where an earlier call with the same settings ended. */
  readonly resume?: boolean;
  /** How a resume with a longer budget, or another schedule, meets a rate that would jump; without it only equal settings resume. */
  readonly onJump?: 'stretch' | 'keep' | 'rewarm';
  readonly rewarmSteps?: number;
  /** The checkpoint file of a trial of another folder that the settings go on from. */
  readonly parent?: { readonly id: string; readonly file: Uint8Array; readonly path?: string };
  /** Updates between checkpoints; default at validations, but no sooner than 2 s after the one before. */
  readonly checkpointSteps?: number | undefined;
  readonly signal?: AbortSignal;
  /** Sees every line beside the files: a progress bar. */
  readonly onRows?: (rows: readonly (MetricsRow | TimingRow)[]) => void;
  /** Told before the first update what was found in the folder, and what is to be done. */
  readonly onBegin?: (left: 'nothing' | 'unfinished' | 'finished', setup: Setup, trials: readonly Trial[]) => void;
}

/** What {@link runTrain} did; `summary` is undefined where the signal ended it early. */
export interface TrainRun {
  readonly directory: StudyDirectory;
  readonly task: Task;
  readonly summary: Summary | undefined;
  /** The run that was interrupted and the updates it had made. */
  readonly interrupted?: RunKey & { readonly step: number };
}

/**
 * Trains the schedule on every backend, then the control, one after the other from the same weights and batches, and
 * writes metrics, timing, trials, checkpoints, summary and report.
 *
 * Everything that can be wrong with the settings, the folder, a backend or the plan is found before the first update:
 * LabError, ScheduleError, or what an adapter throws.
 */
export async function runTrain(options: RunTrainOptions): Promise<TrainRun> {
  const { parse = parsePlan, resume = false, checkpointSteps, task, signal = new AbortController().signal } = options;
  const execution: ExecutionOptions = { parse, checkpointSteps, ...(task !== undefined && { task }) };
  const backends = options.settings.backends.map(backendName);
  backends.forEach(backendNamed);
  const twice = backends.find((name, i) => backends.indexOf(name) < i);
  if (twice !== undefined)
    throw new LabError(
      'invalid',
      `backends must differ; received ${twice} twice: ${options.settings.backends.join(', ')}`,
    );
  const { from: _, ...asked }: TrainSettings = { ...options.settings, backends, controlRate: null };
  const alone = await createSetup(trialsOf(asked)[0]!, execution);
  const { controlRate } = options.settings;
  const given: TrainSettings = {
    ...options.settings,
    backends,
    controlRate: controlRate === 'peak' ? peakRate(alone.plan, alone) : controlRate,
  };

  const directory = new StudyDirectory(options.out);
  const settings = resume ? resumedSettings(directory, given, options) : given;
  const trials = trialsOf(settings);
  const executor = inline(execution);
  const restore = async (id: string): Promise<Uint8Array | undefined> =>
    id === options.parent?.id ? options.parent.file : directory.restore(id);
  try {
    // The first run of each backend, so that one that is missing is found before another has trained for an hour.
    await executor.prepare(trials.slice(0, settings.backends.length), restore);
    const parent = trials[0]!.from && (await restore(trials[0]!.from.trial));
    const setup = await createSetup(trials[0]!, {
      ...execution,
      ...(parent !== undefined && { parent: decodeCheckpoint(parent) }),
    });
    const { left } = directory;
    const told = resume ? directory.resume(settings, trials) : [];
    if (!resume) directory.begin(settings, trials);
    options.onBegin?.(left, setup, trials);

    const failures: TrialResult[] = [];
    const examples = await exampleCount(setup.source, 'test');
    const study = trainStudy(settings, (results) => {
      const rows = standing(directory.rows());
      return trainReport(summaryOf(settings, setup, results, rows), rows, setup.task, {
        examples,
        taskWords: options.taskWords ?? `--task ${settings.task}`,
        from: Object.values(settings.from ?? {})[0],
        parentPath: options.parent?.path,
      });
    });
    const run = await runStudy(study, executor, {
      told,
      signal,
      events: (id, events) => {
        const rows = directory.write(id, events);
        options.onRows?.(rows);
      },
      restore,
      checkpoint: async (id, file) => directory.checkpoint(id, file),
      done: (result) => (result.ended === 'failed' ? failures.push(result) : directory.tell(result)),
    });
    const [failure] = failures;
    if (failure !== undefined) {
      const { label, backend } = failure.trial;
      throw new LabError('failed', `${label} on ${backend}: ${failure.reason}`);
    }
    if (!run.done) return { directory, task: setup.task, summary: undefined, interrupted: interruption(trials, run) };
    const results = study.answer(run.told);
    directory.writeText('report', html(study.report(results, run.told)));
    const summary = summaryOf(settings, setup, results, standing(directory.rows()));
    directory.writeJson('summary', summary);
    return { directory, task: setup.task, summary };
  } finally {
    await executor.close();
    directory.close();
  }
}

/** Which run the signal ended: one that was under way, else the next. */
function interruption(
  trials: readonly Trial[],
  { aborted: [cut], told }: StudyRun,
): RunKey & { readonly step: number } {
  if (cut !== undefined) return { ...runKey(cut.trial), step: cut.updates };
  const next = trials.find((trial) => told.every(({ id }) => id !== trialId(trial)));
  return { ...runKey(next ?? trials[0]!), step: 0 };
}

function summaryOf(
  settings: TrainSettings,
  { stepsPerEpoch, totalSteps, plan }: Setup,
  results: readonly TrialResult[],
  rows: readonly MetricsRow[],
): Summary {
  const { optimizer, budget: _budget, from: _from, ...shared } = settings;
  const { name, ...optimizerSettings } = optimizer;
  return {
    ...shared,
    optimizer: name,
    optimizerSettings,
    epochs: totalSteps / stepsPerEpoch,
    stepsPerEpoch,
    totalSteps,
    plan: planToJSON(plan),
    runs: results.map(runSummary),
    differences: differences(rows, settings.backends),
  };
}
