import type { Loss } from '@anneal/onnx';
import type { Metric } from '../metrics/metric.ts';
import type { Model } from '../models/model.ts';
import type { Source } from './source.ts';

/**
 * Something to learn: a model, a loss, where its batches come from, and what it is judged by. It names no backend: the
 * loss is written once, on the model's graph, and every backend trains that.
 */
export interface Task {
  /** As it is called on the command line: `"digits"`. */
  readonly name: string;
  /** One line for people: data and model. */
  readonly description: string;
  /** What whoever reads results has to know, in one sentence. */
  readonly note: string;
  readonly model: Model;
  readonly loss: Loss;
  /** The first decides comparisons; each is reported as `val_<name>`. */
  readonly metrics: readonly [judge: Metric, ...others: Metric[]];
  /**
   * The loss again, as a metric over examples at rest: reported as `val_loss`, and what early stopping and the best
   * weights go by. Left out where it means nothing there, as for a policy: then they go by the first metric.
   */
  readonly lossMetric?: Metric;
  readonly defaults: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly optimizer: string;
    /** A peak learning rate that trains well with this optimizer. */
    peakRate(optimizer: string): number;
  };
  /** Draws everything that the run's seed decides. Throws a LabError for a batch size that the data do not allow. */
  open(run: { readonly seed: number; readonly batchSize: number }): Source | Promise<Source>;
}

/** The metric that early stopping and the best weights go by, and its name in reports to controllers. */
export function guideOf({ lossMetric, metrics: [judge] }: Task): { readonly name: string; readonly metric: Metric } {
  return lossMetric === undefined
    ? { name: `val_${judge.name}`, metric: judge }
    : { name: 'val_loss', metric: lossMetric };
}
