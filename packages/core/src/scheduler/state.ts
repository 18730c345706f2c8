import { ScheduleError, show } from '../error.ts';
import { planToJSON, type Plan, type PlanSpec } from '../plan/plan.ts';
import type { RestoreOptions, SchedulerState } from './scheduler.ts';

/** The canonical plan, or null where a bare function keeps it from having a JSON form. */
export function planOrNull(plan: Plan): PlanSpec | null {
  try {
    return planToJSON(plan);
  } catch (error) {
    if (error instanceof ScheduleError && error.code === 'function') return null;
    throw error;
  }
}

/** Checks that a value is a state that this version can read. */
export function readState(state: SchedulerState): SchedulerState {
  const bad = (what: string, received: unknown): never => {
    throw new ScheduleError(`restore: ${what}; received ${show(received)}`, { code: 'state', path: '', received });
  };
  if (typeof state !== 'object' || state === null) bad('the state must be an object', state);
  if (state.version !== 1) bad("the state's version must be 1", state.version);
  if (!(state.step >= 0 && state.step < Infinity)) bad("the state's step must be a number >= 0", state.step);
  if (typeof state.controllers !== 'object' || state.controllers === null)
    bad("the state's controllers must be an object", state.controllers);
  return state;
}

/** The plan to go on under, and which of the saved controller states belong to it. */
export function carriedOver(
  state: SchedulerState,
  current: Plan,
  { onPlanChange = 'refuse', parse }: RestoreOptions,
): { plan: Plan; keep: (controllerPath: string) => boolean } {
  const plan = planOrNull(current);
  const difference = plan === null || state.plan === null ? '' : firstDifference(state.plan, plan);
  if (difference === undefined) return { plan: current, keep: () => true };
  if (onPlanChange === 'takeOld') {
    if (state.plan === null || parse === undefined) {
      const reason =
        state.plan === null ? 'the saved plan holds a bare function and was not written' : 'it needs the option parse';
      throw new ScheduleError(`restore: onPlanChange "takeOld" cannot be done: ${reason}`, { code: 'state', path: '' });
    }
    return { plan: parse(state.plan), keep: () => true };
  }
  if (onPlanChange === 'takeNew') return { plan: current, keep: (path) => sameController(state.plan, plan, path) };
  const what =
    difference === ''
      ? 'a plan with a bare function cannot be compared'
      : `the plan differs from the saved one at ${difference}`;
  throw new ScheduleError(`restore: ${what}; choose onPlanChange "takeNew" or "takeOld"`, {
    code: 'planChanged',
    path: difference,
  });
}

/** True if the controller of this path (`groups/head/learningRate/plateau`) stands alike in both plans. */
function sameController(a: PlanSpec | null, b: PlanSpec | null, path: string): boolean {
  const at = path.lastIndexOf('/');
  const keys = [...path.slice(0, at).split('/'), 'controllers', path.slice(at + 1), 'use'];
  const find = (plan: unknown): unknown =>
    keys.reduce((node, key) => (node as Record<string, unknown> | null | undefined)?.[key], plan);
  const [one, other] = [find(a), find(b)];
  return one !== undefined && firstDifference(one, other) === undefined;
}

/** JSON pointer to the first place where two JSON values differ; undefined if they are equal. */
function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? undefined : path || '/';
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = firstDifference(one[key], other[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
