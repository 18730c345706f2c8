import type { Learner } from '../learners/learner.ts';
import type { WasmPaths } from '../learners/backend.ts';
import { backendNamed } from '../learners/backendNamed.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../trials/checkpoint.ts';
import { runTrial } from '../trials/runTrial.ts';
import { createSetup, type Setup, type SetupOptions } from '../trials/setup.ts';
import type { Trial } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import type { ExecutorHost } from './executor.ts';

/** What trials are run with, wherever that is. */
export interface ExecutionOptions extends Pick<SetupOptions, 'task' | 'parse'> {
  readonly wasmPaths?: WasmPaths;
  /** Updates between checkpoints; default at validations, but no sooner than 2 s after the one before. */
  readonly checkpointSteps?: number | undefined;
}

/** A trial ready to run: nothing can be wrong with it any more but what training shows. */
export interface OpenTrial {
  readonly setup: Setup;
  readonly learner: Learner;
}

/** Makes a trial ready; throws one sentence for whatever is wrong with it. */
export async function openTrial(
  trial: Trial,
  { wasmPaths, ...options }: ExecutionOptions,
  restore: ExecutorHost['restore'],
): Promise<OpenTrial> {
  const backend = backendNamed(trial.backend);
  const parent = trial.from === undefined ? undefined : await restore(trial.from.trial);
  const setup = await createSetup(trial, {
    ...options,
    ...(parent !== undefined && { parent: decodeCheckpoint(parent) }),
  });
  const learner = await backend.open(setup, wasmPaths === undefined ? {} : { wasmPaths });
  return { setup, learner };
}

/** Runs one trial from where its last checkpoint left it, and tells the host how it ended; disposes of the learner. */
export async function executeTrial(
  trial: Trial,
  host: ExecutorHost,
  options: ExecutionOptions,
  open: Promise<OpenTrial> = openTrial(trial, options, (id) => host.restore(id)),
): Promise<void> {
  const id = trialId(trial);
  let learner: Learner | undefined;
  try {
    const { setup, learner: opened } = await open;
    learner = opened;
    const saved = await host.restore(id);
    const result = await runTrial(setup, learner, {
      signal: host.signal,
      events: (events) => host.events(id, events),
      checkpoint: (checkpoint) => host.checkpoint(id, encodeCheckpoint(checkpoint)),
      checkpointSteps: options.checkpointSteps,
      ...(saved !== undefined && { resume: decodeCheckpoint(saved) }),
      ...(host.prune !== undefined && { prune: (running) => host.prune!(running) }),
    });
    host.done(result);
  } catch (error) {
    host.done(failedTrial(trial, error));
  } finally {
    await learner?.dispose();
  }
}

/** What is told of a trial that threw. */
export const failedTrial = (trial: Trial, error: unknown): TrialResult => ({
  id: trialId(trial),
  trial,
  ended: 'failed',
  updates: 0,
  reason: error instanceof Error ? error.message : String(error),
  testedStep: 0,
  measured: {},
  curve: [],
  stepSeconds: 0,
});
