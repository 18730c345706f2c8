import { mustBe } from '@anneal/core';
import { hint } from '@anneal/core/options';
import { CustomCallback } from '@tensorflow/tfjs-layers';
import { refuse } from '../refuse.ts';
import { ClosureCallback, type Hooks } from './closureCallback.ts';

/** A callback of any kind: of this package, of tfjs (`earlyStopping`), or a plain object of hooks (tfjs-vis). */
export type AnyCallback = object;

/**
 * Callbacks of all kinds as a list that `fit` accepts in any order.
 *
 * tfjs looks at the first callback only: an object of hooks beside an `earlyStopping` fails with "getMonitorValue is not
 * a function" or "setParams is not a function", as the order is. Here objects of hooks become callbacks, and the one that
 * writes the rate into the logs comes first, so that all others see it. Where others are of another copy of tfjs-layers
 * (tfjs-node's own), whose `fit` would not recognise a list that begins so, the first passes for one of them.
 *
 * @example
 * await model.fit(xs, ys, {
 *   epochs: 10,
 *   callbacks: callbackList(
 *     learningRateCallback(binding),
 *     tfvis.show.fitCallbacks({ name: 'training' }, ['loss', 'lr']),
 *     tf.callbacks.earlyStopping({ monitor: 'loss' }),
 *   ),
 * });
 */
export function callbackList(...callbacks: readonly AnyCallback[]): CustomCallback[] {
  const list = callbacks.map((callback, i) => {
    checkCallback(callback, i);
    return 'setParams' in callback ? callback : wrapped(callback);
  });
  const rank = (callback: object): number => (writesLogs(callback) ? 0 : isOwn(callback) ? 2 : 1);
  const [first, ...others] = list.toSorted((a, b) => rank(a) - rank(b)) as CustomCallback[];
  if (first === undefined) return [];
  const foreign = others.find((callback) => !isOwn(callback));
  return [
    foreign && isOwn(first) ? (Object.assign(Object.create(foreign), first) as CustomCallback) : first,
    ...others,
  ];
}

const hookNames = ['onTrainBegin', 'onTrainEnd', 'onEpochBegin', 'onEpochEnd', 'onBatchBegin', 'onBatchEnd', 'onYield'];

/** What else they are called, as `hint` reads it. */
const meant = {
  onTrainBegin: 'ontrainstart onstart onbegin',
  onTrainEnd: 'ontrainfinish onfinish onend',
  onEpochBegin: 'onepochstart',
  onEpochEnd: 'onepochfinish onepoch',
  onBatchBegin: 'onbatchstart ontrainbatchbegin ontrainbatchstart',
  onBatchEnd: 'onbatchfinish ontrainbatchend onbatch',
};

/** Refuses what would never be called. */
function checkCallback(callback: unknown, i: number): void {
  const rule = 'a callback or an object of hooks, one argument each: callbackList(first, second)';
  if (typeof callback !== 'object' || callback === null || Array.isArray(callback) || callback instanceof Promise)
    mustBe('callbackList', `argument ${i + 1}`, rule, callback, { path: `/${i}` });
  if ('setParams' in callback) return;
  const unknown = Object.keys(callback).find((key) => /^on[A-Z]/.test(key) && !hookNames.includes(key));
  if (unknown !== undefined)
    refuse(
      'unknownKey',
      `/${i}/${unknown}`,
      `callbackList: unknown hook "${unknown}"${hint(unknown, hookNames, meant)}; known: ${hookNames.join(', ')}`,
    );
  if (!hookNames.some((name) => name in callback))
    mustBe('callbackList', `argument ${i + 1}`, `an object with one of ${hookNames.join(', ')}`, callback, {
      path: `/${i}`,
    });
}

/** True for a callback of this copy of tfjs-layers. */
function isOwn(callback: object): boolean {
  return callback instanceof Object.getPrototypeOf(CustomCallback);
}

const writesLogs = (callback: object): boolean => callback instanceof ClosureCallback && callback.writesLogs;

/** An object of hooks, called on itself and with numbers in the logs as tfjs calls it. */
function wrapped(callback: AnyCallback): ClosureCallback {
  const inner = new CustomCallback(callback);
  const hooks: Hooks = {
    onTrainBegin: (logs) => inner.onTrainBegin(logs),
    onTrainEnd: (logs) => inner.onTrainEnd(logs),
    onEpochBegin: (epoch, logs) => inner.onEpochBegin(epoch, logs),
    onEpochEnd: (epoch, logs) => inner.onEpochEnd(epoch, logs),
    onBatchBegin: (batch, logs) => inner.onBatchBegin(batch, logs),
    onBatchEnd: (batch, logs) => inner.onBatchEnd(batch, logs),
  };
  return new ClosureCallback(hooks, 'never'); // the inner one yields
}
