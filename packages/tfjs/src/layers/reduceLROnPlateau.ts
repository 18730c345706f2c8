import { reduceOnPlateau } from '@anneal/core';
import { directionOf } from './directionOf.ts';
import { bindOptimizer, type Binding } from '../bindOptimizer.ts';
import type { OptimizerLike } from '../optimizer.ts';
import { refuse } from '../refuse.ts';
import { targetOf } from '../target.ts';
import type { ClosureCallback, YieldEvery } from './closureCallback.ts';
import { learningRateCallback } from './learningRateCallback.ts';

/** The options of tfjs's `earlyStopping`, and those of Keras's callback that it lacks. */
export interface ReduceLROnPlateauOptions {
  /** Default "val_loss". */
  readonly monitor?: string;
  /** What a reduction multiplies the rate by, below 1; default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement after which the rate is reduced; default 10. */
  readonly patience?: number;
  /** The least change that counts as improvement; default 1e-4. */
  readonly minDelta?: number;
  /** auto knows the metrics of Keras and of tfjs by name, and refuses any other. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** Epochs after a reduction in which none is counted; default 0. */
  readonly cooldown?: number;
  /** The rate below which no reduction goes; default 0. */
  readonly minLr?: number;
  /** When training gives way to the page; default auto. */
  readonly yieldEvery?: YieldEvery;
}

/** A callback with the binding that it made. */
export type PlateauCallback = ClosureCallback & { readonly binding: Binding };

/**
 * Reduces the rate of an optimizer when a metric stops improving: Keras's ReduceLROnPlateau for tfjs, epoch for epoch.
 * The rate that the optimizer has is the one to start from, and it appears in the logs as `lr`.
 *
 * For a rate that is scheduled as well, put core's `reduceOnPlateau` into the plan and use `learningRateCallback`.
 *
 * @example
 * await model.fit(xs, ys, {
 *   epochs: 50,
 *   validationSplit: 0.2,
 *   callbacks: [reduceLROnPlateau(model.optimizer, { factor: 0.5, patience: 3 }), tf.callbacks.earlyStopping({ patience: 9 })],
 * });
 */
export function reduceLROnPlateau(optimizer: OptimizerLike, options: ReduceLROnPlateauOptions = {}): PlateauCallback {
  const { monitor = 'val_loss', factor = 0.1, patience = 10, minDelta = 1e-4, mode = 'auto' } = options;
  const { cooldown = 0, minLr = 0, yieldEvery = 'auto' } = options;
  const rate = targetOf(optimizer).learningRate;
  if (!(rate >= 0))
    refuse('invalid', '', `reduceLROnPlateau: the optimizer must have a number learningRate; received ${rate}`);
  const plateau = reduceOnPlateau({
    monitor,
    mode: directionOf('reduceLROnPlateau', monitor, mode),
    reduceFactor: factor,
    // Keras counts first and compares then, so that 0 and 1 mean the same.
    patience: Math.max(patience, 1) - 1,
    cooldown: Math.max(cooldown, 1) - 1,
    threshold: minDelta,
    thresholdMode: 'shiftedMetric',
    minValue: minLr,
    firstIsBest: true,
  });
  const binding = bindOptimizer(
    optimizer,
    { learningRate: { schedule: rate, controllers: { plateau: { use: plateau } } } },
    { startStep: optimizer.iterations ?? 0 },
  );
  return Object.assign(learningRateCallback(binding, { yieldEvery }), { binding });
}
