import { parsePlan, planToJSON, type Parser, type Plan } from '@anneal/core';
import { LabError } from '../../labError.ts';
import { backendNamed, createLearner } from '../learners/createLearner.ts';
import type { Learner } from '../learners/learner.ts';
import { taskNamed } from '../tasks/tasks.ts';
import type { MetricsSink } from '../training/events.ts';
import { controlPlan } from '../training/plans.ts';
import { createSetup, type Setup } from '../training/setup.ts';
import { differences, runSummary, type RunSettings, type RunSummary, type Summary } from '../training/summary.ts';
import { train } from '../training/train.ts';
import { report } from './report/report.ts';
import { RunDirectory, type RunKey } from './runDirectory.ts';

export interface TrainRunsOptions {
  readonly settings: RunSettings;
  /** Reads the schedule in the settings; default core's `parsePlan`, which knows the schedules of core. */
  readonly parse?: Parser;
  /** The folder to write to. */
  readonly out: string;
  /** Goes on where an earlier call with the same settings ended. */
  readonly resume?: boolean;
  /** Updates between checkpoints; default one epoch. */
  readonly checkpointSteps?: number;
  readonly signal?: AbortSignal;
  /** Sees every event beside the files: a progress bar. */
  readonly sink?: MetricsSink;
  /** Told before the first update what was found in the folder. */
  readonly onBegin?: (left: 'nothing' | 'unfinished' | 'finished', setup: Setup) => void;
}

/** What {@link trainRuns} did; `summary` is undefined where the signal ended it early. */
export interface TrainedRuns {
  readonly directory: RunDirectory;
  readonly summary: Summary | undefined;
  /** The run that was interrupted and the updates it had made. */
  readonly interrupted?: RunKey & { readonly step: number };
}

/**
 * Trains the schedule on every backend, then the control, one after the other from the same weights and batches, and
 * writes metrics, timing, checkpoints, summary and report.
 *
 * Everything that can be wrong with the settings, the folder, a backend or the plan is found before the first update:
 * {@link LabError}, ScheduleError, or what an adapter throws.
 */
export async function trainRuns(options: TrainRunsOptions): Promise<TrainedRuns> {
  const { settings, parse = parsePlan, out, resume = false, signal, sink, checkpointSteps } = options;
  const setup = createSetup({ ...settings, task: taskNamed(settings.task) });
  settings.backends.forEach(backendNamed);
  const plan = parse(settings.schedule, setup.horizon);
  const plans: Record<string, Plan> = { schedule: plan };
  if (settings.controlRate !== null)
    plans['control'] = { ...controlPlan(plan, setup), learningRate: settings.controlRate };
  const runs: RunKey[] = Object.keys(plans).flatMap((run) =>
    settings.backends.map((backend) => ({ run, backend, seed: setup.seed })),
  );

  const directory = new RunDirectory(out);
  if (resume) checkSame(directory.settings(), settings, directory);
  const create = ({ run, backend }: RunKey): Promise<Learner> => createLearner(backend, { setup, plan: plans[run]! });
  // The first run of each backend, so that one that is missing is found before another has trained for an hour.
  const learners = new Map<RunKey, Learner>();
  for (const run of runs) if (run.run === 'schedule') learners.set(run, await create(run));

  const { left } = directory;
  const checkpoints = resume ? directory.resume(runs) : new Map<RunKey, never>();
  if (!resume) directory.begin(settings);
  options.onBegin?.(left, setup);

  try {
    const summaries: RunSummary[] = [];
    for (const run of runs) {
      const learner = learners.get(run) ?? (await create(run));
      learners.set(run, learner);
      const result = await train(learner, setup, {
        run: run.run,
        resume: checkpoints.get(run),
        sink: {
          write: (events) => {
            directory.write(events);
            sink?.write(events);
          },
          time: (event) => {
            directory.time(event);
            sink?.time?.(event);
          },
        },
        onCheckpoint: (checkpoint) => directory.keep(run, checkpoint),
        patience: settings.patience ?? Infinity,
        ...(signal !== undefined && { signal }),
        ...(checkpointSteps !== undefined && { checkpointSteps }),
      });
      await learner.dispose();
      learners.delete(run);
      if (result.stopped === 'aborted')
        return { directory, summary: undefined, interrupted: { ...run, step: result.steps } };
      summaries.push(runSummary(run, result));
    }
    const events = directory.events();
    const summary: Summary = {
      ...settings,
      stepsPerEpoch: setup.stepsPerEpoch,
      totalSteps: setup.totalSteps,
      plan: planToJSON(plan),
      runs: summaries,
      differences: differences(events, settings.backends),
    };
    directory.writeText('report', report(summary, events));
    directory.writeJson('summary', summary);
    return { directory, summary };
  } finally {
    for (const learner of learners.values()) await learner.dispose();
    directory.close();
  }
}

/** Refuses to resume under other settings, by naming the first that differs. */
function checkSame(saved: unknown, settings: RunSettings, directory: RunDirectory): void {
  const before = saved as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(settings)) {
    const [was, is] = [JSON.stringify(before[name]), JSON.stringify(value)];
    if (was === is) continue;
    const message = `${directory.path} was begun with ${name} ${was}, here it is ${is}: give the same to resume, or leave out --resume`;
    throw new LabError('checkpoint', message);
  }
}
