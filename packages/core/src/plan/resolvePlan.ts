import type { Controller } from '../controller.ts';
import { check, type Rule } from '../options/check.ts';
import { mustBe, ScheduleError, show, type ScheduleErrorCode } from '../error.ts';
import { child } from '../kinds/child.ts';
import { hint } from '../options/nearest.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { isDescribed, type Schedule } from '../schedule.ts';
import {
  hyperparameters,
  type ControllerUse,
  type GroupTracks,
  type Hyperparameter,
  type Plan,
  type Track,
  type Tracks,
} from './plan.ts';
import { isTrack } from './latePlan.ts';
import { escaped } from './pointer.ts';

/** One track of a plan, resolved: where it stands, its function, its controllers with their windows. */
export interface ResolvedTrack {
  readonly hyperparameter: Hyperparameter;
  /** Where it stands in the plan: `"learningRate"`, or `"groups/head/learningRate"`. */
  readonly path: string;
  /** The step at which its clock shows 0: that at which its group joins, else 0. */
  readonly start: number;
  readonly schedule: Schedule;
  readonly controllers: readonly ResolvedUse[];
}

/** A controller of a resolved track; its window is on the track's clock. */
export interface ResolvedUse {
  /** `"learningRate/plateau"`: names the controller's state. */
  readonly path: string;
  readonly use: Controller;
  readonly from: number;
  readonly until: number;
}

/** The tracks of a plan or group that drive something. */
export type ResolvedTracks = Partial<Record<Hyperparameter, ResolvedTrack>>;

/** A plan, checked, with what it leaves open filled in. */
export interface ResolvedPlan {
  readonly base: ResolvedTracks;
  /** Every group with all of its tracks, those taken from the base included; undefined if the plan names no group. */
  readonly groups: Readonly<Record<string, ResolvedTracks>> | undefined;
  /** The step at which each group joins. */
  readonly joins: Readonly<Record<string, number>>;
}

/**
 * Checks a plan and fills in what it leaves open: a number becomes a constant schedule, a group gets the tracks that it
 * takes from the plan. Throws a {@link ScheduleError} with the path of what is wrong.
 *
 * @example
 * const { base, joins } = resolvePlan({ learningRate: 0.1, groups: { head: { from: 5, learningRate: 1 } } });
 * base.learningRate.schedule(0); // 0.1
 * joins; // { head: 5 }
 */
export function resolvePlan(plan: Plan): ResolvedPlan {
  const { groups, ...tracks } = plan;
  if (tracks.learningRate === undefined)
    refuse('required', 'learningRate', 'plan: learningRate is required', undefined);
  const base = resolveTracks(tracks, '', 0);
  if (groups === undefined) return { base, groups: undefined, joins: {} };
  const entries = Object.entries(objectOf(groups, 'groups')).map(([name, group]) => {
    const path = `groups/${nameOf(name, 'groups')}`;
    const { from = 0, ...own } = objectOf(group, path) as GroupTracks;
    hold(path, 'from', stepsOrZero, from);
    return [name, { ...base, ...resolveTracks(own, `${path}/`, from) }, from] as const;
  });
  return {
    base,
    groups: Object.fromEntries(entries),
    joins: Object.fromEntries(entries.map(([name, , from]) => [name, from])),
  };
}

/** Every track of a plan once, also those that groups share with the base. */
export function allTracks({ base, groups = {} }: ResolvedPlan): readonly ResolvedTrack[] {
  return [...new Set([base, ...Object.values(groups)].flatMap((tracks) => Object.values(tracks)))];
}

function resolveTracks(tracks: Tracks, prefix: string, start: number): ResolvedTracks {
  checkNames(tracks, prefix, 'track', hyperparameters);
  const resolved: ResolvedTracks = {};
  for (const name of hyperparameters) {
    const track = tracks[name];
    if (track !== undefined) resolved[name] = resolveTrack(track, name, prefix + name, start);
  }
  return resolved;
}

function resolveTrack(
  track: Schedule | number | Track,
  hyperparameter: Hyperparameter,
  path: string,
  start: number,
): ResolvedTrack {
  const { schedule, controllers = {} } = isTrack(track) ? track : { schedule: track };
  if (isTrack(track)) checkNames(track, `${path}/`, 'key of a track', ['schedule', 'controllers']);
  const at = `${path}/controllers`;
  const details = { path: `/${path}` };
  const read = child.read(schedule) ?? mustBe('plan', path, 'a schedule, a number >= 0 or a track', schedule, details);
  // A function of somebody else's may be anything, an asynchronous one too: it is asked once.
  const first: unknown = isDescribed(read) ? 0 : read(0);
  if (typeof first !== 'number') mustBe('plan', path, 'a schedule, which gives a number at step 0', first, details);
  return {
    hyperparameter,
    path,
    start,
    schedule: read,
    controllers: Object.entries(objectOf(controllers, at)).map(([name, given]) => {
      const key = nameOf(name, at);
      const window = objectOf(given, `${at}/${key}`) as Partial<ControllerUse>;
      checkNames(window, `${at}/${key}/`, 'key of a controller', ['use', 'from', 'until']);
      const { use, from = 0, until = Infinity } = window;
      hold(`${at}/${key}`, 'from', stepsOrZero, from);
      const later: Rule<number> = {
        rule: 'a number > from',
        read: (value) => (typeof value === 'number' && value > from ? value : undefined),
      };
      hold(`${at}/${key}`, 'until', later, until);
      return { path: `${path}/${key}`, use: hold(`${at}/${key}`, 'use', controller, use), from, until };
    }),
  };
}

const controller: Rule<Controller> = {
  rule: 'a controller',
  read: (use) => {
    const { monitor, init, observe, factor } = Object(use) as Partial<Record<keyof Controller, unknown>>;
    const isOne =
      typeof use === 'object' &&
      typeof monitor === 'string' &&
      [init, observe, factor].every((member) => typeof member === 'function');
    return isOne ? (use as Controller) : undefined;
  },
};

/** Holds a member of an object in the plan to a rule. */
function hold<V>(path: string, parameter: string, rule: Rule<V>, received: unknown): V {
  return check(`plan: ${path}`, parameter, rule, received, { path: `/${path}/${parameter}` });
}

/** Refuses the first key of an object in the plan that is not known, with the one that is meant. */
function checkNames(given: object, prefix: string, what: string, known: readonly string[]): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const message = `plan: unknown ${what} ${show(key)}${hint(key, known)}; known: ${known.join(', ')}`;
    refuse('unknownKey', prefix + escaped(key), message, key);
  }
}

function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return mustBe('plan', path, 'an object', value, { path: `/${path}` });
}

/** A name as it stands in paths. `__proto__` cannot be the key of an ordinary object, and an empty name says nothing. */
function nameOf(name: string, path: string): string {
  if (name !== '' && name !== '__proto__') return escaped(name);
  return refuse('invalid', path, `plan: ${path} may not hold the name ${show(name)}`, name);
}

function refuse(code: ScheduleErrorCode, path: string, message: string, received: unknown): never {
  throw new ScheduleError(code, `/${path}`, message, { received });
}
