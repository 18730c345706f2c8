import { defineController, type Controller, type Plan, type Track, type Tracks } from '@anneal/core';

/** What each way back multiplies the rate by. */
export const rollbackFactor = 0.5;

/** How many times a run goes back to one place before it ends as diverged. */
export const mostRollbacks = 8;

/** The metric by which the training loop says, after it went back, what the rate is to be multiplied by. */
export const rollbackMetric = 'rollback';

/** Multiplies the rate by everything that is reported; its state, and with it the lower rate, is saved with the scheduler's. */
const rollback = defineController<'rollback', { readonly monitor?: string }, number>(
  'rollback',
  { monitor: [{ kind: 'text', rule: 'a name', read: (value) => value as string }, rollbackMetric] },
  () => ({
    init: () => 1,
    observe: (state, factor) => state * factor,
    factor: (state) => state,
  }),
);

/** A plan whose learning rates, those of groups included, can be lowered by the training loop for the rest of a run. */
export function withRollback(plan: Plan): Plan {
  const use: Controller = rollback({});
  const led = <T extends Tracks>(tracks: T): T => {
    const { learningRate } = tracks;
    if (learningRate === undefined) return tracks;
    const track: Track =
      typeof learningRate === 'object' && 'schedule' in learningRate ? learningRate : { schedule: learningRate };
    return { ...tracks, learningRate: { ...track, controllers: { ...track.controllers, rollback: { use } } } };
  };
  const { groups } = plan;
  if (groups === undefined) return led(plan);
  return {
    ...led(plan),
    groups: Object.fromEntries(Object.entries(groups).map(([name, tracks]) => [name, led(tracks)])),
  };
}
