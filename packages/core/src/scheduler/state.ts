import type { Json } from '../controller.ts';
import { check, type Rule } from '../options/check.ts';
import { ScheduleError, show } from '../error.ts';
import { choice } from '../kinds/choice.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import type { Plan, PlanSpec } from '../plan/plan.ts';
import { toPlan } from '../plan/toPlan.ts';
import { planToJSON } from '../plan/planToJSON.ts';
import { escaped, pointerNames } from '../plan/pointer.ts';
import { annealShape } from '../curves/annealShape.ts';
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

/** Checks that a value is a state that this version can read, and returns a copy. */
export function readState(state: SchedulerState): SchedulerState {
  const hold = (what: string, rule: Rule, received: unknown): unknown =>
    check('restore', what, rule, received, { path: '', code: 'state' });
  const members = (of: object, rules: Readonly<Record<string, Rule>>, prefix: string): void => {
    for (const [name, rule] of Object.entries(rules)) hold(prefix + name, rule, (of as Record<string, unknown>)[name]);
  };

  hold('the state', object, state);
  members(state, { version: one, step: count, controllers: object }, "the state's ");
  const { version, step, plan, controllers, annealing, values } = state;
  if (plan !== null) hold("the state's plan", object, plan);
  if (annealing !== undefined) {
    const where = "the state's annealing";
    hold(where, object, annealing);
    const rules = { since: count, steps: positiveFactor, endFactor: factor, shape: annealShape, startValues: object };
    members(annealing, rules, `${where}.`);
    for (const [path, value] of Object.entries(annealing.startValues))
      hold(`${where}.startValues[${path}]`, factor, value);
  }
  return { version, step, plan, controllers, ...(annealing !== undefined && { annealing }), values };
}

const object: Rule<object> = { rule: 'an object', read: (value) => (isObject(value) ? value : undefined) };
const one: Rule<number> = { rule: '1', read: (value) => (value === 1 ? 1 : undefined) };

/** The plan to go on under, and what fills its controllers' initial states from the saved ones. */
export function carriedOver(
  state: SchedulerState,
  current: Plan,
  { onPlanChange = 'refuse', parse }: RestoreOptions,
): { plan: Plan; keep: (initial: Record<string, Json>) => Record<string, Json> } {
  check('restore', 'onPlanChange', policy, onPlanChange);
  const plan = planOrNull(current);
  const compared = plan !== null && state.plan !== null;
  const difference = compared ? firstDifference(state.plan, plan) : '';
  if (difference === undefined) return { plan: current, keep: (initial) => allOf(initial, state.controllers) };
  if (onPlanChange === 'takeOld') {
    if (state.plan === null || parse === undefined) {
      const reason =
        state.plan === null ? 'the saved plan holds a bare function and was not written' : 'it needs the option parse';
      throw new ScheduleError('state', '', `restore: onPlanChange "takeOld" cannot be done: ${reason}`);
    }
    return { plan: toPlan(parse(state.plan)), keep: (initial) => allOf(initial, state.controllers) };
  }
  if (onPlanChange === 'takeNew') {
    const stands = (path: string): boolean => !compared || sameController(state.plan, plan, path);
    return { plan: current, keep: (initial) => thoseOf(initial, state.controllers, stands) };
  }
  const what =
    difference === ''
      ? 'a plan with a bare function cannot be compared'
      : `the plan differs from the saved one at ${difference}`;
  throw new ScheduleError('planChanged', difference, `restore: ${what}; choose onPlanChange "takeNew" or "takeOld"`);
}

const policy = /* @__PURE__ */ choice('refuse', 'takeNew', 'takeOld');

type States = Readonly<Record<string, Json>>;

/** The saved state of every controller; one that is missing or of another form is refused. */
function allOf(initial: States, saved: States): Record<string, Json> {
  const entries = Object.keys(initial).map((path) => {
    const state = Object.hasOwn(saved, path) ? saved[path] : undefined;
    if (state !== undefined && sameForm(initial[path]!, state)) return [path, state] as const;
    const what = state === undefined ? 'lacks the controller' : 'holds a state that does not fit the controller';
    throw new ScheduleError('state', `/controllers/${escaped(path)}`, `restore: the state ${what} ${show(path)}`);
  });
  return Object.fromEntries(entries);
}

/** The saved states of those controllers that stand unchanged, the initial ones of the rest. */
function thoseOf(initial: States, saved: States, stands: (path: string) => boolean): Record<string, Json> {
  const entries = Object.keys(initial).map((path) => {
    const state = Object.hasOwn(saved, path) && stands(path) ? saved[path] : undefined;
    return [path, state !== undefined && sameForm(initial[path]!, state) ? state : initial[path]!] as const;
  });
  return Object.fromEntries(entries);
}

/** Whether a saved state may stand for an initial one: the same keys, of the same types where neither is null. */
function sameForm(initial: Json, saved: Json): boolean {
  if (typeof saved === 'number' && !Number.isFinite(saved)) return false;
  if (initial === null || saved === null) return true;
  if (typeof initial !== typeof saved || Array.isArray(initial) !== Array.isArray(saved)) return false;
  if (!isObject(initial) || Array.isArray(initial)) return true;
  const [one, other] = [initial, saved] as [Record<string, Json>, Record<string, Json>];
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameForm(one[key]!, other[key]!))
  );
}

/** True if the controller of this path (`groups/head/learningRate/plateau`) stands alike in both plans. */
function sameController(a: PlanSpec | null, b: PlanSpec | null, path: string): boolean {
  const names = pointerNames(path);
  const keys = [...names.slice(0, -1), 'controllers', names.at(-1)!, 'use'];
  const find = (plan: unknown): unknown =>
    keys.reduce((node, key) => (isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined), plan);
  const [one, other] = [find(a), find(b)];
  return one !== undefined && firstDifference(one, other) === undefined;
}

/** JSON pointer to the first place where two JSON values differ; undefined if they are equal. */
function firstDifference(a: unknown, b: unknown, path = ''): string | undefined {
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return a === b ? undefined : path || '/';
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const difference = firstDifference(a[key], b[key], `${path}/${escaped(key)}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
