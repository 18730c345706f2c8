import type { Trial } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import { executeTrial, openTrial, type ExecutionOptions, type OpenTrial } from './executeTrial.ts';
import type { Executor, ExecutorHost } from './executor.ts';

/** Runs trials here, one after the other. */
export interface InlineExecutor extends Executor {
  /** Opens trials before they are run, so that what is wrong with one is found before another has trained for an hour. */
  prepare(trials: readonly Trial[], restore: ExecutorHost['restore']): Promise<void>;
  /** Disposes of what was prepared and not run. */
  close(): Promise<void>;
}

/** Makes an executor that runs trials in this very thread. */
export function inline(options: ExecutionOptions = {}): InlineExecutor {
  const prepared = new Map<string, OpenTrial>();
  return {
    slots: 1,
    async prepare(trials, restore) {
      for (const trial of trials) prepared.set(trialId(trial), await openTrial(trial, options, restore));
    },
    async run(trials, host) {
      for (const trial of trials) {
        if (host.signal.aborted) return;
        const id = trialId(trial);
        const open = prepared.get(id);
        prepared.delete(id);
        await executeTrial(trial, host, options, open && Promise.resolve(open));
      }
    },
    async close() {
      for (const { learner } of prepared.values()) await learner.dispose();
      prepared.clear();
    },
  };
}
