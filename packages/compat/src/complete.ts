import {
  controllerDefinitions,
  scheduleDefinitions,
  type ControllerSpec,
  type Param,
  type ScheduleSpec,
} from '@anneal/core';
import { pythonLambda } from './torch/pythonLambda.ts';
import { timmNoise } from './timm/noise.ts';

const definitions = new Map<string, Readonly<Record<string, Param>>>(
  [...scheduleDefinitions, ...controllerDefinitions, timmNoise, pythonLambda].map(({ type, params }) => [type, params]),
);

/**
 * A spec with the options that it leaves out because they have their default.
 *
 * A writer reads the defaults here, from the definitions, and so repeats none of them.
 */
export function complete<S extends ScheduleSpec | ControllerSpec>(spec: S): Required<S> {
  const resolved: Record<string, unknown> = {};
  for (const [key, param] of Object.entries(definitions.get(spec.type) ?? {})) {
    const given = (spec as Readonly<Record<string, unknown>>)[key];
    const initial: unknown = Array.isArray(param) ? param[1] : undefined;
    resolved[key] = given ?? (typeof initial === 'function' ? initial(resolved) : initial);
  }
  return { type: spec.type, ...resolved } as Required<S>;
}
