import type { Controller } from '../controller.ts';
import type { AnyControllerDefinition } from '../definition/defineController.ts';
import type { AnyScheduleDefinition } from '../definition/defineSchedule.ts';
import type { Horizon } from '../definition/horizon.ts';
import { resolveOptions, within } from '../definition/resolveOptions.ts';
import { ScheduleError, show } from '../error.ts';
import { hint } from '../options/nearest.ts';
import type { Schedule } from '../schedule.ts';
import { otherTypes } from './otherTypes.ts';
import { asObject, type JsonObject } from './jsonObject.ts';

/** Anything that a parser can be made of. */
export type Definition = AnyScheduleDefinition | AnyControllerDefinition;

/** Reads the objects of a file that have a `type`. */
export interface NodeReader {
  /** A schedule, or a number for a constant. */
  child(value: unknown, path: string, horizon: Horizon): Schedule | number;
  controller(value: unknown, path: string, horizon: Horizon): Controller;
}

/** A reader that knows the given definitions: options are resolved one by one, then the definition itself checks them. */
export function nodeReader(definitions: readonly Definition[]): NodeReader {
  const byType = new Map(definitions.map((definition) => [definition.type, definition]));
  return {
    child,
    controller: (value, path, horizon) =>
      node(asObject(value, path, 'a controller'), path, horizon, true) as Controller,
  };

  function child(value: unknown, path: string, horizon: Horizon): Schedule | number {
    if (typeof value === 'number') return value;
    return node(asObject(value, path, 'a schedule or a number'), path, horizon, false) as Schedule;
  }

  function node({ type, ...options }: JsonObject, path: string, horizon: Horizon, controls: boolean): unknown {
    const definition = typeof type === 'string' ? byType.get(type) : undefined;
    if (definition === undefined || 'controls' in definition !== controls) {
      const known = definitions.filter((one) => 'controls' in one === controls).map((one) => one.type);
      const message = `${path || 'the schedule'}: unknown type ${show(type)}${typeof type === 'string' ? hint(type, known, otherTypes) : ''}; known: ${known.sort().join(', ')}`;
      throw new ScheduleError('unknownType', `${path}/type`, message, { received: type });
    }
    const { params } = definition;
    const given = horizon.scale === undefined ? options : { ...defaultDurations(params), ...options };
    const resolved = resolveOptions(definition.type, params, given, horizon, path, child);
    return within(path, () => (definition as unknown as (options: object) => unknown)(resolved));
  }
}

/** The defaults that are numbers of steps: a duration that is left out scales as well. */
function defaultDurations(params: Definition['params']): JsonObject {
  const defaults = Object.entries(params).flatMap(([key, param]) =>
    !('kind' in param) && param[0].duration === true && typeof param[1] === 'number' ? [[key, param[1]] as const] : [],
  );
  return Object.fromEntries(defaults);
}
