import type { Report } from '../report/report.ts';
import type { Continuation, Trial } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import type { Study } from './study.ts';

/** What decides a training command; two commands with equal settings give equal metrics. */
export interface TrainSettings extends Omit<Trial, 'label' | 'backend' | 'from'> {
  readonly version: 1;
  readonly backends: readonly string[];
  /** The rate of the constant-rate control; null where none is trained. */
  readonly controlRate: number | null;
  /** Where runs go on from under a longer budget or another schedule, by `"schedule tfjs"`. */
  readonly from?: Readonly<Record<string, Continuation>>;
}

/** The runs of a training command. */
export type RunName = 'schedule' | 'control';

/**
 * A schedule on every backend and, where asked for, its control beside it: a constant rate from the same weights and
 * batches. One run after the other, the schedule's first.
 */
export function trainStudy(
  settings: TrainSettings,
  report: (results: readonly TrialResult[]) => Report,
): Study<readonly TrialResult[]> {
  const trials = trialsOf(settings);
  return {
    name: 'train',
    ask: (told, free) => {
      const known = new Set(told.map(({ id }) => id));
      const left = trials.filter((trial) => !known.has(trialId(trial)));
      return { trials: left.slice(0, free), done: left.length === 0 };
    },
    answer: (told) => trials.flatMap((trial) => told.filter(({ id }) => id === trialId(trial))),
    report: (answer) => report(answer),
  };
}

/** How a run is called in settings: `"schedule tfjs"`. */
export const runText = (label: string, backend: string): string => `${label} ${backend}`;

/** Every trial of a training command, in the order in which they run. */
export function trialsOf(settings: TrainSettings): readonly Trial[] {
  const { version: _, backends, controlRate, from, ...shared } = settings;
  const schedules: readonly (readonly [RunName, Trial['schedule']])[] = [
    ['schedule', shared.schedule],
    ...(controlRate === null ? [] : ([['control', constantAt(controlRate, shared.schedule)]] as const)),
  ];
  return schedules.flatMap(([label, schedule]) =>
    backends.map((backend): Trial => {
      const start = from?.[runText(label, backend)];
      return { ...shared, label, backend, schedule, ...(start !== undefined && { from: start }) };
    }),
  );
}

/** The control of a schedule or plan: one rate held all along without controllers and groups; every other track as it is. */
function constantAt(value: number, given: Trial['schedule']): Trial['schedule'] {
  const constant = { type: 'constant', value } as unknown as Trial['schedule'];
  if ('type' in given) return constant;
  const { groups: _, ...tracks } = given;
  return { ...tracks, learningRate: constant } as Trial['schedule'];
}
