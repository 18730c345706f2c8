import { batchMetric, isPerUpdate } from '@anneal/core';
import type { Binding } from '../binding.ts';
import { refuse } from '../refuse.ts';
import type { Logs } from './closureCallback.ts';
import { accumulationOf } from './fitUpdates.ts';

/** Hands what is in the logs to the controllers that monitor it, and reads nothing else. */
export interface FitReports {
  /** A fit begins: what was left of another is none of its. */
  begin(): void;
  /** After a batch: reports once its update is made, of several batches their mean. */
  batch(logs: Logs): Promise<void>;
  epoch(logs: Logs): Promise<void>;
  /** Reports the update that was made of the batches left over. */
  end(): void;
}

export function fitReports(subject: string, binding: Binding): FitReports {
  const { microBatches } = accumulationOf(binding.hooks);
  /** The step of the last report, and the metrics of each batch since. */
  let [reportedAt, parts]: [number, Readonly<Record<string, number>>[]] = [0, []];
  const report = (metrics: Readonly<Record<string, number>>): void => {
    if (Object.keys(metrics).length > 0) binding.report(metrics);
  };
  const reportUpdate = (): void => {
    if (microBatches > 1 && binding.step === reportedAt) return;
    report(meanOf(parts));
    [reportedAt, parts] = [binding.step, []];
  };
  return {
    begin: () => ([reportedAt, parts] = [binding.step, []]),
    async batch(logs) {
      parts.push(await metricsOf(subject, binding, logs, true));
      reportUpdate();
    },
    epoch: async (logs) => report(await metricsOf(subject, binding, logs, false)),
    end: reportUpdate,
  };
}

/** Reads those metrics of a batch or of an epoch that controllers ask for. */
async function metricsOf(
  subject: string,
  { scheduler }: Binding,
  logs: Logs,
  perUpdate: boolean,
): Promise<Record<string, number>> {
  const metrics: Record<string, number> = {};
  for (const name of scheduler.monitors()) {
    if (isPerUpdate(name) !== perUpdate) continue;
    const key = perUpdate ? Object.keys(logs).find((one) => batchMetric(one) === name) : name;
    // oxlint-disable-next-line no-await-in-loop -- one or two scalars
    metrics[name] = await numberIn(logs, key ?? name, `${subject}: the plan monitors "${name}"`);
  }
  return metrics;
}

/** A number of the logs, read from the device if need be; refused, after `sentence`, where there is none. */
export async function numberIn(logs: Logs, key: string, sentence: string): Promise<number> {
  const value = Object.hasOwn(logs, key) ? logs[key]! : undefined;
  if (value === undefined)
    refuse('invalid', `/${key}`, `${sentence}; the logs hold ${Object.keys(logs).join(', ')}`, key);
  return typeof value === 'number' ? value : (await value.data())[0]!;
}

/** The mean of each metric over the batches that have it. */
function meanOf(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const mean: Record<string, number> = {};
  for (const name of new Set(parts.flatMap(Object.keys))) {
    const values = parts.flatMap((part) => part[name] ?? []);
    mean[name] = values.reduce((sum, value) => sum + value, 0) / values.length;
  }
  return mean;
}
