import type { MetricsEvent, TimingEvent } from '../trials/events.ts';
import type { Trial } from '../trials/trial.ts';

/** Which run of a study a line is of. */
export interface RunKey {
  /** What the study calls it: `"schedule"`, or `"control"` for the constant rate beside it. */
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
}

/** A line of `metrics.jsonl`: the same on every machine for the same run. */
export type MetricsRow = MetricsEvent & RunKey;

/** A line of `timing.jsonl`. */
export type TimingRow = TimingEvent & RunKey;

export const runKey = ({ label, backend, seed }: Trial): RunKey => ({ run: label, backend, seed });

/** Tells runs apart by one text. */
export const keyText = ({ run, backend, seed }: RunKey): string => JSON.stringify([run, backend, seed]);

/** An event as a line: which kind first, then which run. */
export function rowOf<E extends MetricsEvent | TimingEvent>({ event, ...rest }: E, key: RunKey): E & RunKey {
  return { event, ...key, ...rest } as unknown as E & RunKey;
}

/** The rows of each run as they ended up: without those that a way back made anew. */
export function standing(rows: readonly MetricsRow[]): readonly MetricsRow[] {
  const kept = new Map<string, MetricsRow[]>();
  for (const row of rows) {
    const key = keyText(row);
    let own = kept.get(key) ?? [];
    if (row.event === 'rollback') {
      own = own.filter((one) => (one.event === 'step' ? one.step < row.to : one.step <= row.to));
    }
    own.push(row);
    kept.set(key, own);
  }
  return [...kept.values()].flat();
}
