import { planResume, type Horizon, type Plan, type StepValues } from '@anneal/core';
import { LabError } from '../labError.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Trial } from './trial.ts';

/**
 * The plan of a trial, led over from the rate in force where it goes on from another's checkpoint, as `planResume` of
 * @anneal/core does it. A cool-down leaves the schedule of the trunk, which is read as the trunk read it.
 *
 * Throws a {@link LabError} where the checkpoint is not the one that the trial names or leaves nothing to do, and a
 * ScheduleError for a jump that the trial does not say how to meet.
 */
export function continued(
  { from }: Pick<Trial, 'from'>,
  horizon: Horizon & { readonly totalSteps: number },
  parent: Checkpoint | undefined,
  parse: (horizon: Horizon) => Plan,
): Plan {
  if (from === undefined) return parse(horizon);
  if (parent === undefined) throw new LabError('checkpoint', `the checkpoint of trial ${from.trial} is not here`);
  const { id, step, totalSteps, scheduler } = parent.state;
  if (id !== from.trial || step !== from.step) {
    const expected = `trial ${from.trial} at step ${from.step}`;
    throw new LabError('checkpoint', `from must be the checkpoint of ${expected}; received ${id} at step ${step}`);
  }
  if (horizon.totalSteps <= step) {
    const message = `the budget must be more than the ${step} updates that the checkpoint has made; received ${horizon.totalSteps}`;
    throw new LabError('invalid', message);
  }
  if (from.cooldown !== undefined && !anneals(scheduler.values)) {
    const message = `the learning rate is 0 already after the ${step} updates of the checkpoint, and nothing is left to cool down; take one from before the rate falls`;
    throw new LabError('invalid', message);
  }
  if (from.cooldown !== undefined) return planResume(scheduler, parse({ ...horizon, totalSteps })).plan;
  if (parent.state.trial.from?.cooldown !== undefined) {
    const message =
      'a cool-down ends where its rate is 0, and cannot be made longer: go on with the run that it branched from, or branch from that again';
    throw new LabError('invalid', message);
  }
  const { onJump, rewarmSteps } = from;
  const options = {
    totalSteps: horizon.totalSteps,
    ...(onJump !== undefined && { onJump }),
    ...(rewarmSteps !== undefined && { rewarmSteps }),
  };
  return planResume(scheduler, parse(horizon), options).plan;
}

/** Whether any rate is more than the 0 that a cool-down leads to. */
const anneals = ({ learningRate, groups }: StepValues): boolean =>
  learningRate > 0 ||
  Object.values(groups ?? {}).some((group) => group.learningRate !== undefined && group.learningRate > 0);
