import {
  planToJSON,
  toPlan,
  type ControllerSpec,
  type Hyperparameter,
  type Plan,
  type PlanSpec,
  type Schedule,
  type TracksSpec,
  type TrackSpec,
} from '@anneal/core';
import { noForm } from './python.ts';

/** What is written as Python: what an adapter takes, without a scheduler. */
export type Writable = Plan | Schedule | number;

/** A controller of a track with its window, in its JSON form. */
export interface Use {
  readonly use: ControllerSpec;
  readonly from?: number;
  readonly until?: number;
}

/** The tracks of a plan in their JSON form. Throws a ScheduleError for groups; `why` says what stands in their place. */
export function tracksOf(framework: string, writable: Writable, why: string): TracksSpec {
  const { groups, ...tracks }: PlanSpec = planToJSON(toPlan(writable));
  if (groups !== undefined) throw noForm(framework, 'groups', why, '/groups');
  return tracks;
}

/** The learning rate of tracks that have no other. Throws a ScheduleError for the first other one. */
export function onlyRate(framework: string, { learningRate, ...others }: TracksSpec, why: string): TrackSpec {
  const [other] = Object.keys(others);
  if (other !== undefined) throw noForm(framework, other, why, `/${other}`);
  return learningRate!;
}

/** The value of a track that does not change. */
export function constantOf(track: TrackSpec): number | undefined {
  if (typeof track === 'number') return track;
  return 'type' in track && track.type === 'constant' ? track.value : undefined;
}

/** The names of an optimizer's arguments, which its schedules are assigned to; those of Adam's averages begin with `beta`. */
export const argumentNames = (beta: string): Readonly<Record<Hyperparameter, string>> => ({
  learningRate: 'learning_rate',
  momentum: 'momentum',
  beta1: `${beta}1`,
  beta2: `${beta}2`,
  weightDecay: 'weight_decay',
});
