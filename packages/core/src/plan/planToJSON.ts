import { ScheduleError } from '../error.ts';
import type { UnresolvedSpec } from '../definition/unresolved.ts';
import type { DescribedSchedule, Schedule, ScheduleSpec } from '../schedule.ts';
import { hyperparameters, type Plan, type PlanSpec } from './plan.ts';
import { escaped } from './pointer.ts';
import {
  isTrack,
  type LatePlan,
  type LatePlanSpec,
  type LateSchedule,
  type LateTrack,
  type LateTracks,
  type LateTrackSpec,
  type LateTracksSpec,
} from './latePlan.ts';

/**
 * The canonical JSON form of a plan: tracks in their fixed order, what equals its default left out, so two plans that
 * say the same have the same text. Durations relative to the run stand in it as they were written.
 *
 * Throws a {@link ScheduleError} of the code `function` with the place where a bare function stands.
 *
 * @example
 * planToJSON({ momentum: 0.9, learningRate: { schedule: 0.1 } }); // { learningRate: 0.1, momentum: 0.9 }
 */
export function planToJSON(plan: Plan): PlanSpec;
export function planToJSON(plan: LatePlan): LatePlanSpec;
export function planToJSON(plan: LatePlan): LatePlanSpec {
  const { groups } = plan;
  const base = tracksToJSON(plan, '');
  if (groups === undefined) return base;
  const entries = Object.entries(groups).map(([name, own]) => {
    const { from = 0 } = own;
    return [name, { ...(from !== 0 && { from }), ...tracksToJSON(own, `/groups/${escaped(name)}`) }] as const;
  });
  return { ...base, groups: Object.fromEntries(entries) };
}

/**
 * The JSON form of a schedule. Throws a {@link ScheduleError} that says where a bare function stands inside it; `path`
 * is where the schedule itself stands.
 *
 * @example
 * toSpec(linear({ initValue: 0.1, endValue: 0, decaySteps: 9 })); // { type: 'linear', initValue: 0.1, decaySteps: 9 }
 */
export function toSpec(schedule: Schedule | number, path?: string): ScheduleSpec | number;
export function toSpec(schedule: LateSchedule, path?: string): ScheduleSpec | UnresolvedSpec | number;
export function toSpec(schedule: LateSchedule, path = ''): ScheduleSpec | UnresolvedSpec | number {
  const { spec = schedule } = schedule as Partial<DescribedSchedule>;
  refuseFunctions(spec, path);
  return spec as ScheduleSpec | number;
}

function tracksToJSON(tracks: LateTracks, path: string): LateTracksSpec {
  const present = hyperparameters.flatMap((name) => {
    const track = tracks[name];
    return track === undefined ? [] : [[name, trackToJSON(track, `${path}/${name}`)] as const];
  });
  return Object.fromEntries(present);
}

function trackToJSON(track: LateSchedule | LateTrack, path: string): LateTrackSpec {
  if (!isTrack(track)) return toSpec(track, path);
  const uses = Object.entries(track.controllers ?? {}).map(([name, { use, from = 0, until = Infinity }]) => {
    const spec: unknown = use.spec;
    refuseFunctions(spec ?? (() => use), `${path}/controllers/${escaped(name)}/use`);
    return [name, { use: spec, ...(from !== 0 && { from }), ...(until !== Infinity && { until }) }] as const;
  });
  if (uses.length === 0) return toSpec(track.schedule, path);
  return {
    schedule: toSpec(track.schedule, `${path}/schedule`),
    controllers: Object.fromEntries(uses),
  } as LateTrackSpec;
}

function refuseFunctions(value: unknown, path: string): void {
  if (typeof value === 'function') {
    const message = `${path || 'the schedule'} is a bare function, which has no JSON form: make it with defineSchedule or defineController`;
    throw new ScheduleError('function', path, message, { received: value });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) refuseFunctions(item, `${path}/${escaped(key)}`);
}
