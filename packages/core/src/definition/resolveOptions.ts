import { ScheduleError } from '../error.ts';
import { escaped } from '../plan/pointer.ts';
import { resolveDuration, type Horizon } from './horizon.ts';
import type { Kind, Param, ParamTable } from './kind.ts';

type Options = Readonly<Record<string, unknown>>;

/** What becomes of a value where a child may stand. */
export type ReadChild = (value: unknown, path: string, horizon: Horizon) => unknown;

export const kindOf = (param: Param): Kind => ('kind' in param ? param : param[0]);

/**
 * The options of a definition with every duration in steps, one by one and unchecked; `path` is where they stand. A child on a
 * slower clock meets the horizon in units of that clock.
 */
export function resolveOptions(
  type: string,
  params: ParamTable,
  options: Options,
  horizon: Horizon,
  path: string,
  child: ReadChild,
): Options {
  const read = (kind: Kind, key: string, value: unknown, at: string, run: Horizon): unknown => {
    const { element } = kind;
    if (element !== undefined && Array.isArray(value))
      return value.map((item, i) => read(element, key, item, `${at}/${i}`, run));
    if (kind.kind === 'child') return child(value, at, run);
    return kind.duration === true ? resolveDuration(value, kind, run, at, `${type}: ${key}`) : value;
  };
  const entries = Object.entries(options).map(([key, value]) => {
    // An unknown key is left for the definition to refuse.
    if (!Object.hasOwn(params, key)) return [key, value] as const;
    const kind = kindOf(params[key]!);
    const { unit } = kind;
    const length = unit && resolveDuration(options[unit], {}, horizon, `${path}/${unit}`, `${type}: ${unit}`);
    const run = unit === undefined ? horizon : inUnits(horizon, length);
    return [key, read(kind, key, value, `${path}/${escaped(key)}`, run)] as const;
  });
  return Object.fromEntries(entries);
}

/** The horizon on a clock of which one step takes `unit` steps. What scales is the unit, and all on that clock with it. */
function inUnits({ totalSteps, stepsPerEpoch }: Horizon, unit: unknown): Horizon {
  if (typeof unit !== 'number' || !(unit > 0)) return {};
  return {
    ...(totalSteps !== undefined && { totalSteps: totalSteps / unit }),
    ...(stepsPerEpoch !== undefined && { stepsPerEpoch: stepsPerEpoch / unit }),
  };
}

/** Runs `make`, and puts `path` before the place in what it refuses. */
export function within<V>(path: string, make: () => V): V {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new ScheduleError(error.code, path + error.path, error.message, error);
  }
}
