import { createScheduler } from '@anneal/core';
import type { Binding } from '../binding.ts';
import { bindingOf } from '../bindOptimizer.ts';
import { refuse } from '../refuse.ts';
import type { Fit } from './closureCallback.ts';
import type { FitUpdates } from './fitUpdates.ts';

/** The epoch that follows the last one under a binding, and the step at which that one ended. */
const endedAt = new WeakMap<Binding, { readonly epoch: number; readonly step: number }>();
/** The call of fit in which a binding's metrics are reported, by the one object that it hands to all callbacks. */
const reportedIn = new WeakMap<object, Set<Binding>>();

/** Notes where the schedule stands when `epoch` is the next, so that the next fit may go on with it. */
export function leavePlace(binding: Binding, epoch: number): void {
  endedAt.set(binding, { epoch, step: binding.step });
}

/** Refuses a fit that trains with another optimizer than the binding's, and a binding that two callbacks report for. */
export function checkFit(subject: string, binding: Binding, { model, params }: Fit): void {
  if (bindingOf(binding.optimizer) !== binding)
    refuse('state', '', `${subject}: its binding is detached; bind model.optimizer anew`);
  if (model !== undefined && model.optimizer !== binding.optimizer) wrongOptimizer(subject);
  if (params === undefined) return;
  const reported = reportedIn.get(params) ?? new Set<Binding>();
  if (reported.has(binding))
    refuse('state', '', `${subject}: two callbacks of this fit report for one binding; leave one out`);
  reportedIn.set(params, reported.add(binding));
}

/** Refuses a fit of another copy of tfjs-layers that takes a callback for a bag of hooks. */
export const hiddenModel = (subject: string): never =>
  refuse(
    'state',
    '',
    `${subject}: fit of another copy of tfjs-layers hides its model; write callbackList(${subject}(…), new tf.CustomCallback({})) with the tf of that copy`,
  );

export const wrongOptimizer = (subject: string): never =>
  refuse(
    'state',
    '',
    `${subject}: its binding drives another optimizer than that of the model in fit, which was compiled anew or is another; bind model.optimizer after compile`,
  );

/**
 * Puts the schedule where a fit begins.
 *
 * A fit from epoch 0 goes on wherever the schedule stands, and so does one from the epoch at which the last fit ended. A
 * binding that has made no update moves to the step at which the epoch begins. Anything else is refused, since either the
 * epoch or the step is wrong.
 */
export function takePlace(subject: string, binding: Binding, epoch: number, length: FitUpdates): void {
  const { step } = binding;
  const ended = endedAt.get(binding);
  if (epoch === 0 || (ended?.epoch === epoch && ended.step === step)) return;
  // Batches left over by then may have made an update of their own, been dropped, or belong to the next.
  if (Math.abs(step - length.stepsPerEpoch * epoch) < 1) return;
  const expected = length.updates(epoch);
  if (step === 0 && Number.isFinite(expected)) {
    createScheduler(binding.scheduler, { startStep: expected });
    return;
  }
  const begins = Number.isFinite(expected)
    ? `step ${expected} of the schedule`
    : 'a step that cannot be told without its length';
  refuse(
    'state',
    '',
    `${subject}: fit begins at epoch ${epoch}, which is ${begins}, and the binding stands at step ${step}; give bindOptimizer the startStep, or pass initialEpoch: "ignore" to go on from step ${step}`,
  );
}
