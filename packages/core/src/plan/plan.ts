import type { Controller, ControllerSpec } from '../controller.ts';
import { toSpec } from '../definition/defineSchedule.ts';
import { ScheduleError, show } from '../error.ts';
import type { Schedule, ScheduleSpec } from '../schedule.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';

/** The hyperparameters that a plan can drive, in the order in which they are always listed. */
export const hyperparameters = ['learningRate', 'momentum', 'beta1', 'beta2', 'weightDecay'] as const;

/** `momentum` and `beta1` are different things: an adapter refuses a track that its optimizer lacks. */
export type Hyperparameter = (typeof hyperparameters)[number];

/** A controller on a track, with the window of steps `[from, until)` in which it reads reports and acts. */
export interface ControllerUse {
  readonly use: Controller;
  /** First step of the window; default 0. */
  readonly from?: number;
  /** The step at which the window ends, itself outside; default never. */
  readonly until?: number;
}

/** What drives one hyperparameter: a schedule, times the factors of its controllers. */
export interface Track {
  readonly schedule: Schedule | number;
  readonly controllers?: Readonly<Record<string, ControllerUse>>;
}

export type Tracks = { readonly [H in Hyperparameter]?: Schedule | number | Track };

/** Schedules and controllers for every hyperparameter, and for named groups of parameters that differ from the rest. */
export interface Plan extends Tracks {
  readonly learningRate: Schedule | number | Track;
  /** Tracks of parameter groups; what a group leaves out it takes from the plan itself. */
  readonly groups?: Readonly<Record<string, Tracks>>;
}

/** What every adapter accepts. */
export type PlanLike = Schedule | number | Plan | Scheduler;

/** The JSON form of a plan. */
export type PlanSpec = { readonly [H in Hyperparameter]?: TrackSpec } & {
  readonly groups?: Readonly<Record<string, { readonly [H in Hyperparameter]?: TrackSpec }>>;
};

export type TrackSpec =
  | ScheduleSpec
  | number
  | {
      readonly schedule: ScheduleSpec | number;
      readonly controllers?: Readonly<
        Record<string, { readonly use: ControllerSpec; readonly from?: number; readonly until?: number }>
      >;
    };

/** One track of a plan, resolved: where it stands, its function, its controllers with their windows. */
export interface ResolvedTrack {
  /** `"learningRate"`, or `"groups/head/learningRate"`. */
  readonly path: string;
  readonly schedule: Schedule;
  readonly controllers: readonly ResolvedUse[];
}

export interface ResolvedUse {
  /** `"learningRate/plateau"`: names the controller's state. */
  readonly path: string;
  readonly use: Controller;
  readonly from: number;
  readonly until: number;
}

export type ResolvedTracks = Partial<Record<Hyperparameter, ResolvedTrack>>;

export interface ResolvedPlan {
  readonly base: ResolvedTracks;
  /** Every group with all of its tracks, those taken from the base included; undefined if the plan names no group. */
  readonly groups: Readonly<Record<string, ResolvedTracks>> | undefined;
}

/** Checks a plan and fills in what it leaves open. Throws a {@link ScheduleError} with the path of what is wrong. */
export function resolvePlan(plan: Plan): ResolvedPlan {
  const { groups, ...tracks } = plan;
  if (tracks.learningRate === undefined) refuse('required', '/learningRate', 'plan: learningRate is required', plan);
  const base = resolveTracks(tracks, '');
  if (groups === undefined) return { base, groups: undefined };
  const entries = Object.entries(groups).map(
    ([name, own]) => [name, { ...base, ...resolveTracks(own, `groups/${name}/`) }] as const,
  );
  return { base, groups: Object.fromEntries(entries) };
}

function resolveTracks(tracks: Tracks, prefix: string): ResolvedTracks {
  for (const key of Object.keys(tracks)) {
    if (!(hyperparameters as readonly string[]).includes(key)) {
      refuse(
        'unknownKey',
        `/${prefix}${key}`,
        `plan: unknown track ${show(key)}; known: ${hyperparameters.join(', ')}`,
        key,
      );
    }
  }
  const resolved: ResolvedTracks = {};
  for (const name of hyperparameters) {
    const track = tracks[name];
    if (track !== undefined) resolved[name] = resolveTrack(track, prefix + name);
  }
  return resolved;
}

function resolveTrack(track: Schedule | number | Track, path: string): ResolvedTrack {
  const { schedule, controllers = {} } = isTrack(track) ? track : { schedule: track };
  return {
    path,
    schedule: typeof schedule === 'function' ? schedule : constantOf(schedule, path),
    controllers: Object.entries(controllers).map(([name, { use, from = 0, until = Infinity }]) => {
      const at = `${path}/controllers/${name}`;
      if (typeof use?.observe !== 'function')
        refuse('invalid', `/${at}/use`, `${at}: use must be a controller; received ${show(use)}`, use);
      if (!(from >= 0))
        refuse('invalid', `/${at}/from`, `${at}: from must be a number >= 0; received ${show(from)}`, from);
      if (!(until > from))
        refuse('invalid', `/${at}/until`, `${at}: until must be a number > from; received ${show(until)}`, until);
      return { path: `${path}/${name}`, use, from, until };
    }),
  };
}

function constantOf(value: unknown, path: string): Schedule {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return () => value;
  return refuse(
    'invalid',
    `/${path}`,
    `plan: ${path} must be a schedule, a number >= 0 or a track; received ${show(value)}`,
    value,
  );
}

function refuse(code: 'required' | 'invalid' | 'unknownKey', path: string, message: string, received: unknown): never {
  throw new ScheduleError(message, { code, path, received });
}

const isTrack = (track: unknown): track is Track => typeof track === 'object' && track !== null && 'schedule' in track;

/** A schedule, a number or a plan, as a plan. */
export function toPlan(planLike: Schedule | number | Plan): Plan {
  return typeof planLike === 'object' ? planLike : { learningRate: planLike };
}

/**
 * The canonical JSON form of a plan: tracks in their fixed order, what equals its default left out, so two plans that
 * say the same have the same text. Throws where a bare function stands in it.
 */
export function planToJSON(plan: Plan): PlanSpec {
  const { groups, ...tracks } = plan;
  const base = tracksToJSON(tracks);
  if (groups === undefined) return base;
  return {
    ...base,
    groups: Object.fromEntries(Object.entries(groups).map(([name, own]) => [name, tracksToJSON(own)])),
  };
}

function tracksToJSON(tracks: Tracks): { readonly [H in Hyperparameter]?: TrackSpec } {
  const present = hyperparameters.flatMap((name) => {
    const track = tracks[name];
    return track === undefined ? [] : [[name, trackToJSON(track)] as const];
  });
  return Object.fromEntries(present);
}

function trackToJSON(track: Schedule | number | Track): TrackSpec {
  if (!isTrack(track)) return toSpec(track);
  const { schedule, controllers = {} } = track;
  const uses = Object.entries(controllers).map(([name, { use, from = 0, until = Infinity }]) => {
    return [name, { use: use.spec, ...(from !== 0 && { from }), ...(until !== Infinity && { until }) }] as const;
  });
  return uses.length === 0 ? toSpec(schedule) : { schedule: toSpec(schedule), controllers: Object.fromEntries(uses) };
}
