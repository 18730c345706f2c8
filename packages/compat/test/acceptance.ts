import { createScheduler, ScheduleError, type Plan } from '@anneal/core';
import type { FixtureCase } from './fixture.ts';
import { barOf, replay, type Read } from './agreement.ts';

/** How a reader and the framework differ over one description. */
export type Difference =
  | { readonly kind: 'refused'; readonly error: ScheduleError }
  | { readonly kind: 'accepted'; readonly error: string }
  | {
      readonly kind: 'values';
      readonly step: number;
      readonly ours: number | undefined;
      readonly theirs: number | null;
    };

/**
 * The first difference between what a framework did with a description and what the reader makes of it: one of them
 * refuses it, or a value differs. A case that raises past its first steps is compared up to there.
 */
export function differenceOf(one: FixtureCase, read: Read): Difference | undefined {
  let plan: Plan;
  try {
    plan = read(one.description, one.horizon);
    createScheduler(plan).values();
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return one.error !== undefined ? undefined : { kind: 'refused', error };
  }
  if (one.error !== undefined && one.steps.length === 0) return { kind: 'accepted', error: one.error };
  for (const [track, recorded] of Object.entries(one.values)) {
    const ours = replay(plan, one, track);
    const finite = recorded.filter((value) => value !== null);
    const peak = Math.max(...finite.map(Math.abs));
    for (const [i, theirs] of recorded.entries()) {
      const value = ours[i];
      const off = theirs === null ? Infinity : Math.abs((value ?? NaN) - theirs);
      if (theirs === null || !(off <= barOf(one, theirs, peak, finite[0]!)))
        return { kind: 'values', step: one.steps[i]!, ours: value, theirs };
    }
  }
  return one.error !== undefined ? { kind: 'accepted', error: `${one.error} at ${one.errorAt}` } : undefined;
}
