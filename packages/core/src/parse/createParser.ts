import type { Controller } from '../controller.ts';
import type { AnyControllerDefinition } from '../definition/defineController.ts';
import type { AnyScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Kind } from '../definition/kind.ts';
import { ScheduleError, show } from '../error.ts';
import { hyperparameters, resolvePlan, type ControllerUse, type Plan, type Track, type Tracks } from '../plan/plan.ts';
import type { Schedule } from '../schedule.ts';
import { checkHorizon, resolveDuration, type Horizon } from './horizon.ts';

/** Anything that a parser can be made of. */
export type Definition = AnyScheduleDefinition | AnyControllerDefinition;

/** Reads the JSON form of a schedule or of a plan. */
export type Parser = (json: unknown, horizon?: Horizon) => Plan;

/** Bounds on JSON from outside: no schedule that a person writes comes near them. */
const maxDepth = 32;
const maxNodes = 100_000;

/**
 * Makes a parser that knows exactly the given definitions, so that a page carries no more than it uses.
 *
 * A parser accepts a schedule (an object with `type`) or a plan (an object with `learningRate`), resolves `"5ep"` and
 * `"10%"` by the horizon, and throws a ScheduleError with the JSON pointer of whatever it refuses: an unknown type or
 * key (`$schema` is allowed at the root), a value that breaks its rule, a duration without horizon, a function, input
 * nested deeper than 32 or with more than 100,000 values.
 *
 * @example
 * const parse = createParser([cosineDecay, warmup]);
 * const plan = parse({ type: 'cosineDecay', initValue: 0.1, decaySteps: '100%' }, { totalSteps: 2000 });
 */
// @__NO_SIDE_EFFECTS__
export function createParser(definitions: readonly Definition[]): Parser {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]));

  return (json, horizon = {}) => {
    checkHorizon(horizon);
    checkSize(json);
    const { $schema: _, ...root } = asObject(json, '', 'a schedule or a plan');
    const plan = Object.hasOwn(root, 'type') ? { learningRate: parseSchedule(root, '') } : parsePlanObject(root);
    resolvePlan(plan);
    return plan;

    function parsePlanObject({ groups, ...tracks }: Record<string, unknown>): Plan {
      const base = parseTracks(tracks, '');
      if (base.learningRate === undefined) {
        throw new ScheduleError('a plan needs learningRate, a schedule needs type; neither is here', {
          code: 'required',
          path: '',
        });
      }
      const plan = { ...base, learningRate: base.learningRate };
      if (groups === undefined) return plan;
      const entries = Object.entries(asObject(groups, '/groups', 'an object of groups'));
      return {
        ...plan,
        groups: Object.fromEntries(
          entries.map(([name, own]) => [
            name,
            parseTracks(asObject(own, `/groups/${name}`, 'an object of tracks'), `/groups/${name}`),
          ]),
        ),
      };
    }

    function parseTracks(tracks: Record<string, unknown>, path: string): Tracks {
      refuseUnknown(tracks, hyperparameters, path, path === '' ? 'a plan' : 'a group');
      return Object.fromEntries(
        Object.entries(tracks).map(([name, track]) => [name, parseTrack(track, `${path}/${name}`)]),
      );
    }

    function parseTrack(track: unknown, path: string): Schedule | number | Track {
      if (
        typeof track !== 'object' ||
        track === null ||
        !Object.hasOwn(track, 'schedule') ||
        Object.hasOwn(track, 'type')
      ) {
        return parseChild(track, path) as Schedule | number;
      }
      const { schedule, controllers = {}, ...rest } = track as Record<string, unknown>;
      refuseUnknown(rest, ['schedule', 'controllers'], path, 'a track');
      const uses = Object.entries(asObject(controllers, `${path}/controllers`, 'an object of controllers'));
      return {
        schedule: parseChild(schedule, `${path}/schedule`) as Schedule | number,
        controllers: Object.fromEntries(
          uses.map(([name, use]) => [name, parseUse(use, `${path}/controllers/${name}`)]),
        ),
      };
    }

    function parseUse(json: unknown, path: string): ControllerUse {
      const use = asObject(json, path, 'an object with "use"');
      refuseUnknown(use, ['use', 'from', 'until'], path, 'a controller');
      const bounds = (['from', 'until'] as const).flatMap((key) => {
        return use[key] === undefined
          ? []
          : [[key, resolveDuration(use[key], {}, horizon, `${path}/${key}`) as number] as const];
      });
      return {
        use: parseNode(asObject(use['use'], `${path}/use`, 'a controller'), `${path}/use`, true) as Controller,
        ...Object.fromEntries(bounds),
      };
    }

    function parseSchedule(node: Record<string, unknown>, path: string): Schedule {
      return parseNode(node, path, false) as Schedule;
    }

    /** A schedule or a controller: its options are resolved one by one, then its own definition checks them. */
    function parseNode({ type, ...options }: Record<string, unknown>, path: string, controls: boolean): unknown {
      const definition = typeof type === 'string' ? byType.get(type) : undefined;
      if (definition === undefined || 'controls' in definition !== controls) {
        const known = definitions.filter((one) => 'controls' in one === controls).map((one) => one.type);
        const message = `${path || 'the schedule'}: unknown type ${show(type)}; known: ${known.sort().join(', ')}`;
        throw new ScheduleError(message, { code: 'unknownType', path: `${path}/type`, received: type });
      }
      const { params } = definition;
      const resolved = Object.entries(options).map(([key, value]) => {
        const param = Object.hasOwn(params, key) ? params[key] : undefined;
        const kind = param === undefined || 'kind' in param ? param : param[0];
        return [key, kind === undefined ? value : parseValue(kind, value, `${path}/${key}`)] as const;
      });
      try {
        return (definition as unknown as (options: object) => unknown)(Object.fromEntries(resolved));
      } catch (error) {
        throw error instanceof ScheduleError ? error.within(path) : error;
      }
    }

    function parseValue(kind: Kind, value: unknown, path: string): unknown {
      const { element } = kind;
      if (element !== undefined && Array.isArray(value))
        return value.map((item, i) => parseValue(element, item, `${path}/${i}`));
      if (kind.kind === 'child') return parseChild(value, path);
      return kind.duration === true ? resolveDuration(value, kind, horizon, path) : value;
    }

    function parseChild(value: unknown, path: string): unknown {
      if (typeof value === 'number') return value;
      return parseSchedule(asObject(value, path, 'a schedule or a number'), path);
    }
  };
}

function asObject(value: unknown, path: string, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const code = typeof value === 'function' ? 'function' : 'invalid';
  throw new ScheduleError(`${path || 'the input'} must be ${what}; received ${show(value)}`, {
    code,
    path,
    rule: what,
    received: value,
  });
}

function refuseUnknown(object: object, known: readonly string[], path: string, what: string): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const message = `${path || 'the input'}: unknown key ${show(key)}; ${what} has ${known.join(', ')}`;
    throw new ScheduleError(message, { code: 'unknownKey', path: `${path}/${key}`, parameter: key });
  }
}

function checkSize(json: unknown): void {
  let nodes = 0;
  const visit = (value: unknown, depth: number): void => {
    nodes += 1;
    if (depth > maxDepth || nodes > maxNodes) {
      const what = depth > maxDepth ? `nested deeper than ${maxDepth}` : `of more than ${maxNodes} values`;
      throw new ScheduleError(`the input is ${what}`, { code: 'tooLarge', path: '' });
    }
    if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) visit(item, depth + 1);
  };
  visit(json, 0);
}
