import { ScheduleError, show, type ScheduleErrorCode } from '../error.ts';
import { isDescribed } from '../schedule.ts';
import type { Kind, Param, Params, Resolved } from './kind.ts';

/** A contradiction between parameters: the one to blame and what it must be. */
export type Contradiction = readonly [parameter: string, rule: string];

/** Options as checked: what `make` computes with, and the canonical JSON form. */
export interface ReadOptions<O extends object> {
  readonly resolved: Resolved<O>;
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Checks the options of one definition against its parameters.
 *
 * Throws a {@link ScheduleError} that names the first unknown key, missing or refused value, or contradiction.
 *
 * @example
 * const { resolved, spec } = readOptions('halving', { initValue: rate, everySteps: [steps, 100] }, { initValue: 0.1 });
 * resolved; // { initValue: 0.1, everySteps: 100 }
 * spec; // { type: 'halving', initValue: 0.1 }
 */
export function readOptions<O extends object>(
  type: string,
  params: Params<O>,
  options: O,
  refine?: (options: Resolved<O>) => Contradiction | undefined,
): ReadOptions<O> {
  const given = Object(options) as Readonly<Record<string, unknown>>;
  const refuse = (code: ScheduleErrorCode, parameter: string, rule: string): never => {
    const received = given[parameter];
    const sentence =
      code === 'required'
        ? `${parameter} is required: ${rule}`
        : code === 'unknownKey'
          ? `unknown option ${show(parameter)}; known: ${rule}`
          : `${parameter} must be ${rule}; received ${show(received)}`;
    throw new ScheduleError(`${type}: ${sentence}`, { code, path: `/${parameter}`, type, parameter, rule, received });
  };

  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(params, key)) refuse('unknownKey', key, Object.keys(params).join(', '));
  }
  const resolved: Record<string, unknown> = {};
  const spec: Record<string, unknown> = { type };
  for (const [key, param] of Object.entries<Param>(params)) {
    const [kind, initial] = isOptional(param) ? param : [param];
    const value = given[key];
    const fallback = typeof initial === 'function' ? initial(resolved) : initial;
    if (value === undefined) {
      if (!isOptional(param)) refuse('required', key, kind.rule);
      resolved[key] = fallback;
    } else {
      const read = kind.read(value);
      if (read === undefined) refuse('invalid', key, kind.rule);
      resolved[key] = read;
      if (!isOptional(param) || !equal(read, fallback)) spec[key] = describe(value);
    }
  }
  const contradiction = refine?.(resolved as Resolved<O>);
  if (contradiction) refuse('contradiction', ...contradiction);
  return { resolved: resolved as Resolved<O>, spec: Object.freeze(spec) };
}

const isOptional = (param: Param): param is readonly [Kind, unknown] => Array.isArray(param);

/** Equal to a default, which is a word, a number, yes or no, or a list of those: a list by its text. */
const equal = (read: unknown, fallback: unknown): boolean =>
  read === fallback || (Array.isArray(read) && String(read) === String(fallback));

/** What stands in the spec for a value that was read: a schedule's own spec, else the value; −0 as 0. */
function describe(value: unknown): unknown {
  if (isDescribed(value)) return value.spec;
  if (Array.isArray(value)) return value.map(describe);
  return typeof value === 'number' ? value + 0 : value;
}
