import { mustBe } from '../error.ts';
import { checkOptions } from '../options/checkOptions.ts';
import type { Kind, Param, Params, ParamTable, Resolved } from './kind.ts';
import { described } from './unresolved.ts';

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
  const resolved = checkOptions<object, ParamTable>(type, params, options) as object as Resolved<O>;
  const given = options as Readonly<Record<string, unknown>> | undefined;
  const spec: Record<string, unknown> = { type };
  for (const [key, param] of Object.entries<Param>(params)) {
    const value = given?.[key];
    if (value !== undefined && !isDefault(param, resolved, key)) spec[key] = described(value);
  }
  const contradiction = refine?.(resolved);
  if (contradiction) {
    const [parameter, rule] = contradiction;
    mustBe(type, parameter, rule, given?.[parameter], { code: 'contradiction', type });
  }
  return { resolved, spec: Object.freeze(spec) };
}

/** Equal to its default, which is a word, a number, yes or no, or a list of those: a list by its text. */
function isDefault(param: Param, resolved: object, key: string): boolean {
  if (!Array.isArray(param)) return false;
  const [, initial] = param as readonly [Kind, unknown];
  const read = (resolved as Readonly<Record<string, unknown>>)[key];
  const fallback = typeof initial === 'function' ? (initial as (of: object) => unknown)(resolved) : initial;
  return read === fallback || (Array.isArray(read) && String(read) === String(fallback));
}
