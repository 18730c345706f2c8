import { needsHorizon, type PlanLike } from '@anneal/core';
import { check, checkOptions, choice, flag, mustBe, text } from '@anneal/core/options';
import type { Binding, BindOptions } from '../binding.ts';
import { bindOptimizer } from '../bindOptimizer.ts';
import { bindings, isObject, isPlain, rule } from '../checkArguments.ts';
import type { OptimizerLike } from '../optimizer.ts';
import { ClosureCallback, type Fit, type YieldEvery } from './closureCallback.ts';
import { fitCourse, type FitCourse } from './fitCourse.ts';
import { hiddenModel } from './fitPlace.ts';
import { fitUpdates } from './fitUpdates.ts';
import type { Warn } from './fitWarnings.ts';
import { yields } from './yields.ts';

export interface LearningRateCallbackOptions {
  /** How the model's optimizer is bound, where a plan is given: the options of `bindOptimizer`. */
  readonly bind?: BindOptions;
  /** The name of the rate in the logs; default "lr". */
  readonly logKey?: string;
  /** Whether metrics in the logs go to the plan's controllers; default true. With false they are yours to report. */
  readonly report?: boolean;
  /**
   * What `initialEpoch` of `fit` means for the schedule; default follow: a binding that has made no update moves to the
   * step at which that epoch begins, and a step that does not belong to it is refused. With ignore it goes on where it is.
   */
  readonly initialEpoch?: 'follow' | 'ignore';
  /**
   * Hears once of a schedule that ends before or after `fit`, and of controllers to which nothing is reported; default
   * `console.warn`. With false nobody does.
   */
  readonly warn?: Warn;
  /** When training gives way to the page; default auto, every 125 ms. */
  readonly yieldEvery?: YieldEvery;
}

/** What people write instead is known by its methods: an optimizer has a learningRate, as a plan has. */
const drivers = rule<Binding | PlanLike>(
  'what bindOptimizer gave, or a plan',
  (value) =>
    value !== undefined &&
    value !== null &&
    !(isObject(value) && ('applyGradients' in value || 'compile' in value || 'then' in value)),
);

/** A callback with the binding that it was given or made; undefined before the first fit under a plan. */
export type LearningRateCallback = ClosureCallback & { readonly binding: Binding | undefined };

const table = {
  bind: [rule<BindOptions>('an object', isPlain), undefined],
  logKey: [text, 'lr'],
  report: [flag, true],
  initialEpoch: [choice('follow', 'ignore'), 'follow'],
  warn: [rule<Warn>('a function or false', (value) => value === false || typeof value === 'function'), undefined],
  yieldEvery: [yields, 'auto'],
} as const;

/**
 * Connects a binding with `fit` and `fitDataset`: the rate goes into the logs, metrics go to the plan's controllers. Given
 * a plan, it binds the optimizer of the model when its first `fit` begins, and durations relative to the run (`'10%'`,
 * `'5ep'`) are those of that `fit`.
 *
 * Batch logs hold the rate of the batch's update, for every callback in any order; epoch logs hold that of the epoch's
 * last update, for the returned History and for callbacks that stand after this one. What draws logs shows it by itself
 * (tfjs-vis, TensorBoard). Reading the rate costs no transfer from the device; of the metrics only those that controllers
 * monitor are read: those of an epoch by their names in the logs (`loss`, `val_loss`) at its end, those of a batch as
 * `batchLoss` after each update, where that is made of several batches their mean.
 *
 * Batches that `accumulateGradients` holds back when `fit` ends make an update then, or are dropped, as it was told.
 *
 * `fit` fails with a `ScheduleError` if its model has another optimizer than the binding, if it begins at an epoch that is
 * not where the schedule stands, or if a controller monitors a metric that is not in the logs. tfjs calls the accuracy of
 * the validation data `val_acc`.
 *
 * @example
 * const rate = warmup({ warmupSteps: '10%', schedule: cosineDecay({ initValue: 0.1, decaySteps: '90%' }) });
 * const history = await model.fit(xs, ys, { epochs: 3, callbacks: learningRateCallback(rate) });
 * history.history.lr; // three rates
 */
export function learningRateCallback(
  driver: Binding | PlanLike,
  options?: LearningRateCallbackOptions,
): LearningRateCallback {
  return callbackOf('learningRateCallback', driver, options);
}

/** The callback of a binding or plan, whichever function makes it. */
export function callbackOf(
  subject: string,
  driver: Binding | PlanLike,
  options?: LearningRateCallbackOptions,
): LearningRateCallback {
  const { bind, yieldEvery, ...settings } = checkOptions<object, typeof table>(subject, table, options);
  check(subject, 'the first argument', drivers, driver, { path: '' });
  let binding = bindings.read(driver);
  if (binding && bind) mustBe(subject, 'bind', 'left out where a binding is given', bind);
  // Refuses what is no plan now rather than when fit begins.
  if (!binding) needsHorizon(driver);
  let course = binding && fitCourse(subject, binding, settings);
  let fit: Fit = {};

  /** Binds the optimizer of the model that fit trains. */
  function bound(): FitCourse {
    const { model, params } = fit;
    if (model === undefined) hiddenModel(subject);
    const length = fitUpdates(params, bind?.hooks ?? []);
    const { stepsPerEpoch } = length;
    const totalSteps = length.updates(params?.epochs ?? NaN);
    const horizon = { ...(totalSteps > 0 && { totalSteps }), ...(stepsPerEpoch > 0 && { stepsPerEpoch }) };
    binding = bindOptimizer(model!.optimizer as OptimizerLike, driver, { horizon, ...bind });
    const made = fitCourse(subject, binding, settings);
    made.trainBegin(fit);
    return made;
  }

  const callback = new ClosureCallback(
    {
      onTrainBegin(_, now) {
        fit = now;
        course?.trainBegin(now);
      },
      onEpochBegin: (epoch) => (course ??= bound()).epochBegin(epoch),
      onBatchBegin: (_, logs) => course!.batchBegin(logs),
      onBatchEnd: (_, logs) => course!.batchEnd(logs),
      onEpochEnd: (_, logs) => course!.epochEnd(logs),
      onTrainEnd: () => course?.trainEnd(),
    },
    yieldEvery,
    true,
  );
  return Object.defineProperty(callback, 'binding', { get: () => binding }) as LearningRateCallback;
}
