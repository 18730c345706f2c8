import type { Dataset } from '../data/batch.ts';
import type { Model } from '../models/model.ts';
import type { OptimizerName } from '../optimizers/optimizer.ts';

/** Training examples, those that guide a run, and those that judge it once at the end. */
export interface Splits {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly test: Dataset;
}

/**
 * Something to learn: data, model, loss and metrics, everything drawn by seeds.
 *
 * The same weights, batches and rates reach every backend, so their curves can be laid over each other. The loss is
 * the softmax cross entropy of the model's logits, the metric the share of examples whose largest logit is right.
 */
export interface Task {
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  /** What whoever reads results has to know, in one sentence. */
  readonly note: string;
  readonly model: Model;
  /** The examples; split by a seed of the task's own, not by the run's. */
  splits(): Splits;
  readonly defaults: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly optimizer: OptimizerName;
    /** A peak learning rate that trains well with each optimizer. */
    readonly learningRates: Readonly<Record<OptimizerName, number>>;
  };
}
