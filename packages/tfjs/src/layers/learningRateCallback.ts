import { batchMetric, isPerUpdate } from '@anneal/core';
import type { Binding } from '../bindOptimizer.ts';
import { refuse } from '../refuse.ts';
import { ClosureCallback, type Logs, type YieldEvery } from './closureCallback.ts';

export interface LearningRateCallbackOptions {
  /** The name of the rate in the logs; default "lr". */
  readonly logKey?: string;
  /** Whether metrics in the logs go to the plan's controllers; default true. With false they are yours to report. */
  readonly report?: boolean;
  /** When training gives way to the page; default auto, every 125 ms. */
  readonly yieldEvery?: YieldEvery;
}

/**
 * Connects a binding with `fit` and `fitDataset`: the rate goes into the logs, metrics go to the plan's controllers.
 *
 * Batch logs hold the rate of the batch's update, for every callback in any order; epoch logs hold that of the epoch's
 * last update, for the returned History and for callbacks that stand after this one. What draws logs shows it by itself
 * (tfjs-vis, TensorBoard). Reading the rate costs no transfer from the device; of the metrics only those that controllers
 * monitor are read: those of an epoch by their names in the logs (`loss`, `val_loss`) at its end, those of a batch as
 * `batchLoss` after each update.
 *
 * `fit` fails with a `ScheduleError` if a controller monitors a metric that is not in the logs. tfjs calls the accuracy
 * of the validation data `val_acc`.
 *
 * @example
 * const binding = bindOptimizer(model.optimizer, plan);
 * const history = await model.fit(xs, ys, { epochs: 3, callbacks: learningRateCallback(binding) });
 * history.history.lr; // three rates
 */
export function learningRateCallback(binding: Binding, options: LearningRateCallbackOptions = {}): ClosureCallback {
  const { logKey = 'lr', report = true, yieldEvery = 'auto' } = options;
  return new ClosureCallback(
    {
      // The object that is passed here is the one that onBatchEnd will get; at its begin there is nothing to read back.
      onBatchBegin: (_, logs) => {
        logs[logKey] = Math.fround(binding.scheduler.values().learningRate);
      },
      async onBatchEnd(_, logs) {
        if (report) await reportLogs(binding, logs, true);
      },
      async onEpochEnd(_, logs) {
        logs[logKey] = binding.learningRate;
        if (report) await reportLogs(binding, logs, false);
      },
    },
    yieldEvery,
    true,
  );
}

/** Reads those metrics of an update or of an epoch that controllers ask for, and reports them. */
async function reportLogs(binding: Binding, logs: Logs, perUpdate: boolean): Promise<void> {
  const metrics: Record<string, number> = {};
  for (const name of binding.scheduler.monitors()) {
    if (isPerUpdate(name) !== perUpdate) continue;
    const key = perUpdate ? Object.keys(logs).find((one) => batchMetric(one) === name) : name;
    const value = key === undefined ? undefined : logs[key];
    if (value === undefined)
      refuse(
        'invalid',
        `/${name}`,
        `learningRateCallback: the plan monitors "${name}"; the logs hold ${Object.keys(logs).join(', ')}`,
        name,
      );
    // oxlint-disable-next-line no-await-in-loop -- one or two scalars
    metrics[name] = typeof value === 'number' ? value : (await value.data())[0]!;
  }
  if (Object.keys(metrics).length > 0) binding.report(metrics);
}
