import { checkHorizon, type RunLength } from '../definition/horizon.ts';
import { isUnresolved } from '../definition/unresolved.ts';
import { isDefinition, ScheduleError, show } from '../error.ts';
import { hint } from '../options/nearest.ts';
import { hyperparameters, type Plan } from './plan.ts';
import type { PlanLike, WrittenPlan } from './planLike.ts';
import { resolveDurations } from './resolveDurations.ts';

/**
 * A schedule, a number or a plan, as a plan with every duration in steps: adapters that learn how long the run is call it with
 * that, before they make the scheduler (or hand `horizon` to createScheduler). The very same plan where nothing is relative.
 *
 * Throws a {@link ScheduleError} of the code `horizon` where a duration needs a length that is not given, and of the code
 * `invalid` for what is no plan.
 *
 * @example
 * toPlan(0.1); // { learningRate: 0.1 }
 * const plan = toPlan(linear({ initValue: 0.1, decaySteps: '50%' }), { totalSteps: 20 });
 * planToJSON(plan); // { learningRate: { type: 'linear', initValue: 0.1, decaySteps: 10 } }
 */
export function toPlan(planLike: WrittenPlan, horizon: RunLength = {}): Plan {
  checkHorizon(horizon);
  if ((typeof planLike === 'function' && !isDefinition(planLike)) || typeof planLike === 'number')
    return { learningRate: planLike };
  if (isUnresolved(planLike)) return { learningRate: planLike.resolve(horizon) };
  if (typeof planLike === 'object' && planLike !== null && 'learningRate' in planLike)
    return resolveDurations(planLike, horizon);
  const rule = 'a schedule, a number or an object with learningRate';
  throw new ScheduleError('invalid', '', `plan must be ${rule}; received ${show(planLike)}${instead(planLike)}`, {
    rule,
    received: planLike,
  });
}

const isOne = (name: string): boolean => (hyperparameters as readonly string[]).includes(name);

/** What to write instead of something that is no plan but nearly one. */
function instead(received: unknown): string {
  if (typeof received !== 'object' || received === null) return '';
  if ('type' in received) return ' with type: JSON is read by parsePlan';
  if ('schedule' in received) return ' with schedule: write { learningRate: { schedule, controllers } }';
  if ('observe' in received) return ': write { learningRate: { schedule, controllers: { name: { use } } } }';
  const name = Object.keys(received).find((key) => !isOne(key) && hint(key, hyperparameters) !== '');
  return name === undefined ? '' : ` with ${show(name)}${hint(name, hyperparameters)}`;
}

/**
 * Whether a plan holds a duration relative to the run, so that toPlan needs a horizon for it. Throws a {@link ScheduleError} for what is
 * no plan.
 *
 * @example
 * [0.1, linear({ initValue: 0.1, decaySteps: '50%' })].map(needsHorizon); // [false, true]
 */
export function needsHorizon(planLike: PlanLike): boolean {
  try {
    // A scheduler has resolved its plan.
    toPlan(typeof planLike === 'object' && planLike !== null && 'plan' in planLike ? planLike.plan : planLike);
    return false;
  } catch (error) {
    if (error instanceof ScheduleError && error.code === 'horizon') return true;
    throw error;
  }
}
