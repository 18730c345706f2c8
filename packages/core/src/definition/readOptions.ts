import { ScheduleError, show } from '../error.ts';
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
 */
export function readOptions<O extends object>(
  type: string,
  params: Params<O>,
  options: O,
  refine?: (options: Resolved<O>) => Contradiction | undefined,
): ReadOptions<O> {
  const given = options as Readonly<Record<string, unknown>>;
  if (typeof given !== 'object' || given === null) {
    throw new ScheduleError(`${type}: options must be an object; received ${show(given)}`, {
      code: 'invalid',
      path: '',
      type,
      received: given,
    });
  }
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(params, key)) {
      const message = `${type}: unknown option ${show(key)}; known: ${Object.keys(params).join(', ')}`;
      throw new ScheduleError(message, { code: 'unknownKey', path: `/${key}`, type, parameter: key });
    }
  }

  const refuse = (code: 'required' | 'invalid' | 'contradiction', parameter: string, rule: string): never => {
    const received = given[parameter];
    const message =
      code === 'required'
        ? `${type}: ${parameter} is required: ${rule}`
        : `${type}: ${parameter} must be ${rule}; received ${show(received)}`;
    throw new ScheduleError(message, { code, path: `/${parameter}`, type, parameter, rule, received });
  };

  const resolved: Record<string, unknown> = {};
  const spec: Record<string, unknown> = { type };
  for (const [key, param] of Object.entries<Param>(params)) {
    const [kind, initial] = isKind(param) ? [param] : param;
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    const fallback = typeof initial === 'function' ? initial(resolved) : initial;
    if (value === undefined) {
      if (isKind(param)) refuse('required', key, kind.rule);
      resolved[key] = fallback;
      continue;
    }
    const read = kind.read(value);
    if (read === undefined) refuse('invalid', key, kind.rule);
    resolved[key] = read;
    if (isKind(param) || !equal(read, fallback)) spec[key] = describe(value, read);
  }

  const contradiction = refine?.(resolved as Resolved<O>);
  if (contradiction !== undefined) refuse('contradiction', ...contradiction);
  return { resolved: resolved as Resolved<O>, spec: Object.freeze(spec) };
}

const isKind = (param: Param): param is Kind => !Array.isArray(param);

const equal = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, i) => equal(item, b[i])) : a === b;

/** What stands in the spec for a value: a schedule's own spec, a bare function as it is, else the value that was read. */
function describe(value: unknown, read: unknown): unknown {
  if (isDescribed(value)) return value.spec;
  if (typeof read !== 'function')
    return Array.isArray(value) ? value.map((item, i) => describe(item, (read as unknown[])[i])) : read;
  return typeof value === 'number' ? value + 0 : value;
}
