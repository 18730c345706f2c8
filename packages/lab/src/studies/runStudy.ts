import type { Executor, ExecutorHost } from '../executors/executor.ts';
import { trialId } from '../trials/trialId.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import type { Study } from './study.ts';

/** Where a study keeps what it is told. */
export interface StudyHost extends Omit<ExecutorHost, 'prune'> {
  /** What was told before: the study goes on from there. */
  readonly told: readonly TrialResult[];
}

/** What a study came to. */
export interface StudyRun {
  readonly told: readonly TrialResult[];
  /** The trials that the signal ended. */
  readonly aborted: readonly TrialResult[];
  /** Whether no more trials will come. */
  readonly done: boolean;
}

/**
 * Runs a study to its end, or until the signal ends it: asks, runs what is not run already, tells. Trials that were
 * aborted are not told; they go on from their checkpoints another time.
 */
export async function runStudy<Answer>(
  study: Pick<Study<Answer>, 'ask' | 'prune'>,
  executor: Executor,
  host: StudyHost,
): Promise<StudyRun> {
  const told = [...host.told];
  const aborted: TrialResult[] = [];
  const begun = new Set(told.map(({ id }) => id));
  const running = new Set<Promise<void>>();
  for (;;) {
    const { trials, done } = study.ask(told, executor.slots);
    const next = host.signal.aborted ? [] : trials.filter((trial) => !begun.has(trialId(trial)));
    const free = executor.slots - running.size;
    for (const trial of next.slice(0, free)) {
      begun.add(trialId(trial));
      const run = executor.run([trial], {
        ...host,
        ...(study.prune !== undefined && { prune: (one) => study.prune!(one, told) }),
        done: (result) => {
          if (result.ended === 'aborted') aborted.push(result);
          else {
            told.push(result);
            host.done(result);
          }
        },
      });
      const ended: Promise<void> = run.finally(() => running.delete(ended));
      running.add(ended);
    }
    if (running.size === 0) return { told, aborted, done: done && !host.signal.aborted };
    await Promise.race(running);
  }
}
