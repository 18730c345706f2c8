import type { Json } from '@anneal/core';
import type { Metric } from '../metrics/metric.ts';
import type { Predict, Source, Split } from '../tasks/source.ts';
import type { Task } from '../tasks/task.ts';
import type { Measured } from './trialResult.ts';

/** Measures a model on a split: `loss` where the task has such a metric, then each metric by its name. Not finite is null. */
export async function evaluate(
  { metrics, lossMetric }: Pick<Task, 'metrics' | 'lossMetric'>,
  source: Source,
  split: Split,
  predict: Predict,
): Promise<Measured> {
  const all: readonly (readonly [string, Metric])[] = [
    ...(lossMetric === undefined ? [] : [['loss', lossMetric] as const]),
    ...metrics.map((metric) => [metric.name, metric] as const),
  ];
  const states: Json[] = all.map(([, metric]) => metric.init());
  for await (const batch of source.examples(split, predict)) {
    const outputs = await predict(batch);
    all.forEach(([, metric], i) => (states[i] = metric.add(states[i]!, outputs, batch)));
  }
  return Object.fromEntries(all.map(([name, metric], i) => [name, finiteOrNull(metric.value(states[i]!))]));
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Metrics as they are reported to controllers: `val_loss`. Null is NaN. */
export const asReports = (measured: Measured): Record<string, number> =>
  Object.fromEntries(Object.entries(measured).map(([name, value]) => [`val_${name}`, value ?? NaN]));
