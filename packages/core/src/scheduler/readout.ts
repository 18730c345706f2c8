import { hyperparameters, type Hyperparameter } from '../plan/plan.ts';
import type { ResolvedPlan, ResolvedTrack, ResolvedTracks } from '../plan/resolvePlan.ts';
import type { GroupValues, StepValues } from './scheduler.ts';

/** What is 0 while a group has not joined: with both at 0 no parameter of it moves. */
export const isFrozen = (name: Hyperparameter): boolean => name === 'learningRate' || name === 'weightDecay';

/** A place in {@link StepValues}, of the plan itself or of a group: where the track of each hyperparameter stands, −1 for none. */
type Row = Readonly<Record<Hyperparameter, number>> & { readonly joins: number };

/** The values at a step; whether an anneal on demand is under way. */
export type Read = (step: number, isAnnealing: boolean) => StepValues;

/**
 * Makes the values of a plan at one step after the other. Every track is read once, however many groups share it; a group
 * of which nothing has changed is the very object of before, and so are all values if no group has.
 */
export function readout(
  { base, groups, joins }: ResolvedPlan,
  tracks: readonly ResolvedTrack[],
  valueOf: (track: ResolvedTrack, step: number) => number,
): Read {
  const row = (own: ResolvedTracks, from: number): Row => {
    const place = (name: Hyperparameter): number => tracks.indexOf(own[name]!);
    const [learningRate, momentum, beta1, beta2, weightDecay] = hyperparameters.map(place) as readonly number[] as Five;
    return { learningRate, momentum, beta1, beta2, weightDecay, joins: from };
  };
  const now = new Float64Array(tracks.length);
  const baseRow = row(base, 0);
  const names = Object.keys(groups ?? {});
  const rows = names.map((name) => row(groups![name]!, joins[name]!));
  const last = rows.map((): GroupValues | undefined => undefined);
  let values: StepValues | undefined;

  const starts = tracks.map(({ start }) => start);
  const schedules = tracks.map(({ schedule }) => schedule);
  const plain = tracks.map(({ controllers }) => controllers.length === 0);

  return (step, isAnnealing) => {
    for (let i = 0; i < tracks.length; i += 1) {
      const own = step - starts[i]!;
      // What nearly all tracks are, without a call on the way.
      now[i] = plain[i]! && own >= 0 && !isAnnealing ? schedules[i]!(own) : valueOf(tracks[i]!, step);
    }
    let isSame = true;
    for (let i = 0; i < rows.length; i += 1) {
      const before = last[i];
      if (before !== undefined && matches(rows[i]!, before, now, step)) continue;
      last[i] = valuesOf(rows[i]!, now, step);
      isSame = false;
    }
    if (isSame && values !== undefined && matches(baseRow, values, now, step)) return values;
    const fresh = valuesOf(baseRow, now, step);
    if (groups !== undefined) fresh.groups = isSame && values?.groups ? values.groups : named(names, last);
    values = fresh;
    return fresh;
  };
}

function named(names: readonly string[], rows: readonly (GroupValues | undefined)[]): Record<string, GroupValues> {
  const groups: Record<string, GroupValues> = {};
  for (let i = 0; i < names.length; i += 1) groups[names[i]!] = rows[i]!;
  return groups;
}

// Names written out, no loop over them: a property found by a computed name takes as long as the schedule behind it.

function matches(row: Row, before: GroupValues, now: Float64Array, step: number): boolean {
  const joined = step >= row.joins;
  return (
    before.learningRate === (joined ? now[row.learningRate] : 0) &&
    (row.momentum < 0 || before.momentum === now[row.momentum]) &&
    (row.beta1 < 0 || before.beta1 === now[row.beta1]) &&
    (row.beta2 < 0 || before.beta2 === now[row.beta2]) &&
    (row.weightDecay < 0 || before.weightDecay === (joined ? now[row.weightDecay] : 0))
  );
}

function valuesOf(row: Row, now: Float64Array, step: number): Writable {
  const joined = step >= row.joins;
  const values: Writable = { learningRate: joined ? now[row.learningRate]! : 0 };
  if (row.momentum >= 0) values.momentum = now[row.momentum]!;
  if (row.beta1 >= 0) values.beta1 = now[row.beta1]!;
  if (row.beta2 >= 0) values.beta2 = now[row.beta2]!;
  if (row.weightDecay >= 0) values.weightDecay = joined ? now[row.weightDecay]! : 0;
  return values;
}

type Writable = { -readonly [K in keyof StepValues]: StepValues[K] };
type Five = readonly [number, number, number, number, number];
