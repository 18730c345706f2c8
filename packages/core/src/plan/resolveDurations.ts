import { resolveDuration, type RunLength } from '../definition/horizon.ts';
import { within } from '../definition/resolveOptions.ts';
import { isUnresolved } from '../definition/unresolved.ts';
import type { Plan } from './plan.ts';
import { escaped } from './pointer.ts';
import { isTrack, type LatePlan } from './latePlan.ts';

/**
 * A plan with every duration in steps; the very same plan where none is relative to the run. Only what is relative is
 * touched: whatever is wrong with the rest is left for resolvePlan to refuse.
 */
export function resolveDurations(plan: LatePlan, run: RunLength): Plan {
  const late = (value: unknown, path: string): unknown =>
    isUnresolved(value) ? within(path, () => value.resolve(run)) : value;
  const bound = (value: unknown, path: string): unknown => resolveDuration(value, {}, run, path);

  const use = mapped((key, value, path) => (key === 'use' ? late(value, path) : bound(value, path)));
  const controllers = mapped((_, value, path) => use(value, path));
  const track = mapped((key, value, path) => (key === 'controllers' ? controllers(value, path) : late(value, path)));
  const tracks = mapped((key, value, path) => {
    if (key === 'from') return bound(value, path);
    if (key === 'groups') return groups(value, path);
    return isTrack(value) ? track(value, path) : late(value, path);
  });
  const groups = mapped((_, value, path) => tracks(value, path));
  return tracks(plan, '') as Plan;
}

type Read = (value: unknown, path: string) => unknown;

/** Reads every member of an object; an object of which no member changes stays the same. */
function mapped(read: (key: string, value: unknown, path: string) => unknown): Read {
  return (object, path) => {
    if (typeof object !== 'object' || object === null) return object;
    const entries = Object.entries(object).map(
      ([key, value]) => [key, read(key, value, `${path}/${escaped(key)}`)] as const,
    );
    const changed = entries.some(([key, value]) => value !== (object as Readonly<Record<string, unknown>>)[key]);
    return changed ? Object.fromEntries(entries) : object;
  };
}
