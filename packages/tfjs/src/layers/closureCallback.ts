import type { Scalar } from '@tensorflow/tfjs-core';
import { CustomCallback } from '@tensorflow/tfjs-layers';
import type { TensorLike } from '../optimizer.ts';

/** What `fit` hands over: numbers, or scalars still on the device that belong to tfjs. Write to it, never dispose. */
export type Logs = Record<string, number | Scalar>;

/** When training gives way to the page: tfjs's own option of `fit`. */
export type YieldEvery = 'auto' | 'batch' | 'epoch' | 'never' | number;

/** The model that is being trained, as far as callbacks go. */
export interface FittedModel {
  readonly optimizer: object;
  readonly weights: readonly { read(): TensorLike }[];
  stopTraining: boolean;
}

/** What `fit` and `fitDataset` say about themselves; null where they do not know. */
export interface FitParams {
  readonly epochs: number;
  readonly samples: number | null;
  readonly batchSize: number | null;
  /** Batches in an epoch, of `fitDataset`. */
  readonly steps: number | null;
  /** What the logs of an epoch will hold: `loss`, `val_loss`. */
  readonly metrics: readonly string[];
}

/** The call of `fit` that has begun. A fit of another copy of tfjs-layers may leave out both; see {@link ClosureCallback}. */
export interface Fit {
  readonly model?: FittedModel;
  readonly params?: FitParams;
}

/** The hooks of a callback; only those that are given do anything. */
export interface Hooks {
  onTrainBegin?(logs: Logs, fit: Fit): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  onBatchBegin?(batch: number, logs: Logs): void | Promise<void>;
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
}

type Inherited = typeof CustomCallback.prototype;

/**
 * A callback that every `fit` accepts.
 *
 * It is a CustomCallback, because that class alone lets the page breathe: with other classes `fit` never yields. Its
 * hooks are functions of the instance, not methods: where two copies of tfjs-layers are installed, the one that does not
 * know this class takes the object for a bag of hooks and calls them without their object; a method would then call
 * itself for ever. Nor does it say then which model it trains.
 */
export class ClosureCallback extends CustomCallback {
  /** True if it writes into the logs, which others want to see: it then stands before them. */
  readonly writesLogs: boolean;

  constructor(hooks: Hooks, yieldEvery: YieldEvery = 'auto', writesLogs = false) {
    super({}, yieldEvery);
    this.writesLogs = writesLogs;
    let fit: Fit = {};
    const own: Partial<Inherited> = {
      setParams: (params) => {
        super.setParams(params);
        fit = { ...fit, params: params as unknown as FitParams };
      },
      setModel: (model) => {
        fit = { ...fit, model: model as unknown as FittedModel };
      },
      onTrainBegin: async (logs) => {
        await hooks.onTrainBegin?.(logs ?? {}, fit);
      },
      onTrainEnd: async (logs) => {
        await hooks.onTrainEnd?.(logs ?? {});
      },
      onEpochBegin: async (epoch, logs) => {
        await super.onEpochBegin(epoch, logs);
        await hooks.onEpochBegin?.(epoch, logs ?? {});
      },
      onEpochEnd: async (epoch, logs) => {
        await hooks.onEpochEnd?.(epoch, logs ?? {});
        await super.onEpochEnd(epoch, logs);
      },
      onBatchBegin: async (batch, logs) => {
        await hooks.onBatchBegin?.(batch, logs ?? {});
      },
      onBatchEnd: async (batch, logs) => {
        await hooks.onBatchEnd?.(batch, logs ?? {});
        await super.onBatchEnd(batch, logs);
      },
    };
    Object.assign(this, own);
  }
}
