import { bestSoFar, type BestState } from '@anneal/core';
import { checkOptions, choice, factor, flag, integer, text } from '@anneal/core/options';
import { bindingOf } from '../bindOptimizer.ts';
import type { TensorLike } from '../optimizer.ts';
import { ClosureCallback, type FittedModel, type YieldEvery } from './closureCallback.ts';
import { directionOf } from './directionOf.ts';
import { hiddenModel } from './fitPlace.ts';
import { numberIn } from './fitReports.ts';
import { yields } from './yields.ts';

export interface BestWeightsOptions {
  /** The metric of an epoch that says how good its weights are; default "val_loss". */
  readonly monitor?: string;
  /** auto, the default, knows the metrics of Keras and of tfjs by name, and refuses any other. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** The least change that counts as improvement; default 0: any. */
  readonly minDelta?: number;
  /** Epochs in a row without improvement after which `fit` stops, an integer >= 1; default never. */
  readonly patience?: number;
  /** Whether the best weights are put back when `fit` ends; default true. */
  readonly restore?: boolean;
  /** When training gives way to the page; default auto. */
  readonly yieldEvery?: YieldEvery;
}

/** A callback that knows the best epoch of the fit that goes on, or went on last. */
export interface BestWeights extends ClosureCallback {
  /** The best value of the metric; undefined before the first. */
  readonly best: number | undefined;
  /** The epoch after which it was measured. */
  readonly bestEpoch: number | undefined;
  /** The epoch after which patience was at its end; undefined where `fit` ran through. */
  readonly stoppedEpoch: number | undefined;
  /** Puts the best weights into the model, as often as wanted: for `restore: false`, or where `fit` has failed. */
  restoreWeights(): void;
  /** Frees the copies of the best weights. */
  dispose(): void;
}

const table = {
  monitor: [text, 'val_loss'],
  mode: [choice('auto', 'min', 'max'), 'auto'],
  minDelta: [factor, 0],
  patience: [integer, undefined],
  restore: [flag, true],
  yieldEvery: [yields, 'auto'],
} as const;

/** A tensor that can be copied and, if it is a variable, be given the values of a copy. */
type Weight = TensorLike & { clone(): Weight; assign(value: Weight): void };

/**
 * Keeps the weights of the best epoch, puts them back when `fit` ends, and stops it when nothing has improved for
 * `patience` epochs: what EarlyStopping of Keras does with `restore_best_weights`, which that of tfjs refuses.
 *
 * All weights of the model are kept, statistics of normalisation among them; the optimizer's moments are not, for which
 * there is `snapshotTraining`. Each `fit` begins anew. A metric that is NaN is no improvement, and where none ever
 * improves the weights stay what they are. Stands beside other callbacks in any order.
 *
 * `fit` fails with a `ScheduleError` if the metric is not in the logs.
 *
 * @example
 * const best = bestWeights({ monitor: 'val_loss', patience: 5 });
 * await model.fit(xs, ys, { epochs: 100, validationSplit: 0.2, callbacks: [learningRateCallback(binding), best] });
 * best.bestEpoch; // the epoch whose weights the model has now
 */
export function bestWeights(options?: BestWeightsOptions): BestWeights {
  const subject = 'bestWeights';
  const { monitor, mode, minDelta, patience, restore, yieldEvery } = checkOptions<object, typeof table>(
    subject,
    table,
    options,
  );
  const { init, observe } = bestSoFar({
    mode: directionOf(subject, monitor, mode),
    threshold: minDelta,
    thresholdMode: 'shiftedMetric',
    ...(patience !== undefined && { patience }),
  });
  let model: FittedModel | undefined;
  let state: BestState = init();
  let [bestEpoch, stoppedEpoch]: (number | undefined)[] = [];
  /** Each weight with its copy: a layer that is frozen meanwhile changes the model's order. */
  let kept: readonly (readonly [Weight, Weight])[] = [];

  const finish = (): void => bindingOf(model!.optimizer)?.finish();
  const dispose = (): void => {
    kept.forEach(([, copy]) => copy.dispose());
    kept = [];
  };
  const restoreWeights = (): void => {
    kept.forEach(([weight, copy]) => weight.assign(copy));
  };

  const callback = new ClosureCallback(
    {
      onTrainBegin(_, fit) {
        if (fit.model === undefined) hiddenModel(subject);
        dispose();
        ({ model } = fit);
        finish();
        [state, bestEpoch, stoppedEpoch] = [init(), undefined, undefined];
      },
      async onEpochEnd(epoch, logs) {
        state = observe(state, await numberIn(logs, monitor, `${subject}: it monitors "${monitor}"`));
        if (state.improved) {
          dispose();
          const weights = model!.weights.map((weight) => weight.read() as Weight);
          kept = weights.map((weight) => [weight, weight.clone()]);
          bestEpoch = epoch;
        }
        if (!state.stop) return;
        stoppedEpoch = epoch;
        model!.stopTraining = true;
      },
      onTrainEnd() {
        // First the update of the batches that are left over, which would otherwise be made of the best weights.
        finish();
        if (!restore) return;
        restoreWeights();
        dispose();
      },
    },
    yieldEvery,
  );
  return Object.defineProperties(Object.assign(callback, { restoreWeights, dispose }), {
    best: { get: () => state.best ?? undefined },
    bestEpoch: { get: () => bestEpoch },
    stoppedEpoch: { get: () => stoppedEpoch },
  }) as BestWeights;
}
