import { reduceOnPlateau } from '@anneal/core';
import {
  checkOptions,
  choice,
  count,
  factor as atLeastZero,
  properFraction,
  rate as rates,
  text,
} from '@anneal/core/options';
import { directionOf } from './directionOf.ts';
import type { Binding } from '../binding.ts';
import { bindOptimizer } from '../bindOptimizer.ts';
import { checkOptimizer } from '../checkArguments.ts';
import type { OptimizerLike } from '../optimizer.ts';
import { refuse } from '../refuse.ts';
import { targetOf } from '../target.ts';
import type { ClosureCallback, YieldEvery } from './closureCallback.ts';
import { callbackOf } from './learningRateCallback.ts';
import { yields } from './yields.ts';

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

const table = {
  monitor: [text, 'val_loss'],
  factor: [properFraction, 0.1],
  patience: [count, 10],
  minDelta: [atLeastZero, 1e-4],
  mode: [choice('auto', 'min', 'max'), 'auto'],
  cooldown: [count, 0],
  minLr: [rates, 0],
  yieldEvery: [yields, 'auto'],
} as const;

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
export function reduceLROnPlateau(optimizer: OptimizerLike, options?: ReduceLROnPlateauOptions): PlateauCallback {
  const subject = 'reduceLROnPlateau';
  checkOptimizer(subject, optimizer);
  const checked = checkOptions<object, typeof table>(subject, table, options);
  const { monitor, factor, patience, minDelta, cooldown, minLr, yieldEvery } = checked;
  const rate = targetOf(optimizer).learningRate;
  if (!(rate >= 0))
    refuse('invalid', '', `${subject}: the optimizer must have a number learningRate; received ${rate}`);
  const plateau = reduceOnPlateau({
    monitor,
    mode: directionOf(subject, monitor, checked.mode),
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
  return callbackOf(subject, binding, { yieldEvery, initialEpoch: 'ignore' }) as PlateauCallback;
}
