import type { RestoreOptions } from '@anneal/core';
import { dispose, io } from '@tensorflow/tfjs-core';
import { refuse } from '../refuse.ts';
import { snapshotTraining } from './snapshotTraining.ts';
import type { Training } from './makeup.ts';
import { restoreContents } from './training.ts';
import type { TrainingMeta } from './trainingMeta.ts';

/**
 * Saves a training so that {@link loadTraining} goes on bit for bit: weights, statistics, the optimizer's slots and
 * running products, the schedule's place, the states of controllers, hooks and parts. `model.save` leaves out the
 * products (Adam continues with an error where β was scheduled) and cannot save Adamax at all.
 *
 * What is saved is the training at the moment of the call, also if it goes on before the promise resolves.
 *
 * @param where A URL of tfjs (`indexeddb://run`, `localstorage://run`, with tfjs-node `file://run` to save to and
 * `file://run/model.json` to load from) or an `IOHandler`. For a file in plain Node or any other place there is
 * `trainingToBytes`.
 *
 * @example
 * await saveTraining('indexeddb://digits', { weights: model, binding });
 */
export async function saveTraining(where: string | io.IOHandler, training: Training): Promise<void> {
  const handler = handlerFor('save', where);
  const snapshot = snapshotTraining(training);
  try {
    const { meta, tensors } = snapshot.contents;
    const { data, specs } = await io.encodeWeights({ ...tensors });
    await handler.save!({ format: 'anneal-training', modelTopology: meta, weightSpecs: specs, weightData: data });
  } finally {
    snapshot.dispose();
  }
}

/**
 * Goes on where {@link saveTraining} was called. The training must be made up as the saved one was: the same
 * architecture, an optimizer of the same class under the same plan, the same hooks and parts. Names may differ.
 *
 * Throws a `ScheduleError` before anything is written if the class, a shape, epsilon or the parts differ; a changed plan
 * is met as `options.onPlanChange` says.
 *
 * @example
 * const binding = bindOptimizer(model.optimizer, plan);
 * await loadTraining('indexeddb://digits', { weights: model, binding });
 */
export async function loadTraining(
  where: string | io.IOHandler,
  training: Training,
  options?: RestoreOptions,
): Promise<void> {
  const { modelTopology, weightSpecs, weightData } = await handlerFor('load', where).load!();
  if (modelTopology === undefined || weightSpecs === undefined || weightData === undefined)
    refuse('state', '', 'loadTraining: what is stored there is not a training');
  const tensors = io.decodeWeights(weightData, weightSpecs);
  try {
    restoreContents(training, { meta: modelTopology as unknown as TrainingMeta, tensors }, options);
  } finally {
    dispose(tensors);
  }
}

function handlerFor(direction: 'save' | 'load', where: string | io.IOHandler): io.IOHandler {
  const [handler] =
    typeof where === 'string' ? io[direction === 'save' ? 'getSaveHandlers' : 'getLoadHandlers'](where) : [where];
  if (handler?.[direction] !== undefined) return handler;
  return refuse(
    'invalid',
    '',
    `${direction}Training: nothing here can ${direction} "${typeof where === 'string' ? where : 'this handler'}"; trainingToBytes and trainingFromBytes serve any place`,
  );
}
