import { ScheduleError } from '../error.ts';
import { hyperparameters, type ControllerUse, type Plan, type Track, type Tracks } from '../plan/plan.ts';
import { resolvePlan } from '../plan/resolvePlan.ts';
import type { Schedule } from '../schedule.ts';
import { checkSize } from './checkSize.ts';
import { checkHorizon, resolveDuration, type Horizon } from '../definition/horizon.ts';
import { asObject, mapObject, refuse, refuseUnknown, type JsonObject } from './jsonObject.ts';
import { nodeReader, type Definition } from './readNode.ts';

/** Reads the JSON form of a schedule or of a plan; see {@link createParser} for what it refuses. */
export type Parser = (json: unknown, horizon?: Horizon) => Plan;

/**
 * Makes a parser that knows exactly the given definitions, so that a page carries no more than it uses.
 *
 * A parser accepts a schedule (an object with `type`) or a plan (an object with `learningRate`), resolves `"5ep"` and
 * `"10%"` by the horizon, and throws a {@link ScheduleError} with the JSON pointer of whatever it refuses: an unknown
 * type or key (`$schema` is allowed at the root), a value that breaks its rule, a duration without horizon, a function,
 * input nested deeper than 32 or with more than 100,000 values. Nothing else is ever thrown for JSON.
 *
 * @example
 * const parse = createParser([cosineDecay, warmup]);
 * const plan = parse({ type: 'cosineDecay', initValue: 0.1, decaySteps: '50%' }, { totalSteps: 2000 });
 * createScheduler(plan).values(500).learningRate; // 0.05
 */
// @__NO_SIDE_EFFECTS__
export function createParser(definitions: readonly Definition[]): Parser {
  const reader = nodeReader(definitions);

  return (json, horizon = {}) => {
    checkHorizon(horizon, 'scale');
    checkSize(json);
    const { $schema, ...root } = asObject(json, '', 'a schedule or a plan');
    if ($schema !== undefined && typeof $schema !== 'string') refuse('/$schema', 'a string', $schema);
    const plan = Object.hasOwn(root, 'type')
      ? { learningRate: reader.child(root, '', horizon) }
      : parsePlanObject(root);
    resolvePlan(plan);
    return plan;

    function parsePlanObject({ groups, ...tracks }: JsonObject): Plan {
      const base = parseTracks(tracks, '', 'a plan');
      if (base.learningRate === undefined) {
        throw new ScheduleError('required', '', 'a plan needs learningRate, a schedule needs type; neither is here');
      }
      const plan = { ...base, learningRate: base.learningRate };
      if (groups === undefined) return plan;
      const parsed = mapObject(groups, '/groups', 'an object of groups', (group, path) => {
        const { from, ...own } = asObject(group, path, 'an object of tracks');
        return { ...parseBounds({ from }, path), ...parseTracks(own, path, 'a group') };
      });
      return { ...plan, groups: parsed };
    }

    function parseTracks(tracks: JsonObject, path: string, what: string): Tracks {
      refuseUnknown(tracks, hyperparameters, path, what);
      return mapObject(tracks, path, '', parseTrack);
    }

    function parseTrack(track: unknown, path: string): Schedule | number | Track {
      const isTrack = typeof track === 'object' && track !== null && Object.hasOwn(track, 'schedule');
      if (!isTrack || Object.hasOwn(track, 'type')) return reader.child(track, path, horizon);
      const { schedule, controllers = {}, ...rest } = track as JsonObject;
      refuseUnknown(rest, ['schedule', 'controllers'], path, 'a track');
      return {
        schedule: reader.child(schedule, `${path}/schedule`, horizon),
        controllers: mapObject(controllers, `${path}/controllers`, 'an object of controllers', parseUse),
      };
    }

    function parseUse(json: unknown, path: string): ControllerUse {
      const { use, from, until, ...rest } = asObject(json, path, 'an object with "use"');
      refuseUnknown(rest, ['use', 'from', 'until'], path, 'a controller');
      return { use: reader.controller(use, `${path}/use`, horizon), ...parseBounds({ from, until }, path) };
    }

    /** The ends of a window that are given. */
    function parseBounds(bounds: JsonObject, path: string): { readonly from?: number; readonly until?: number } {
      const given = Object.entries(bounds).filter(([, value]) => value !== undefined);
      return Object.fromEntries(
        given.map(([key, value]) => [key, resolveDuration(value, {}, horizon, `${path}/${key}`) as number]),
      );
    }
  };
}
