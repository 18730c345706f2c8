import { callback } from '../options/callback.ts';
import { checkOptions } from '../options/checkOptions.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import type { Parser } from '../parse/createParser.ts';
import type { Plan } from '../plan/plan.ts';
import { toPlan } from '../plan/toPlan.ts';
import { planToJSON } from '../plan/planToJSON.ts';
import type { Schedule } from '../schedule.ts';

/** From which length of run to which a plan is scaled. */
export interface ScaleToOptions {
  /** Updates in the run that the plan was made for, > 0. */
  readonly from: number;
  /** Updates in the run that it shall fit, > 0. */
  readonly to: number;
  /** Reads the scaled JSON form: `parsePlan`, or a smaller parser from `createParser`. */
  readonly parse: Parser;
}

/**
 * The same plan for a run of another length: every duration, boundary and window is multiplied by `to/from`.
 *
 * Values, shapes and cycle counts stay, so where nothing is rounded and no default depends on a duration the scaled
 * plan at step t is the old one at step t·from/to. Durations in whole steps are rounded, to at least 1. What is
 * written per step (`decayRate` of naturalExponentialDecay) is a number, not a duration, and stays: put `stretch` around
 * it instead. Files that say `"10%"` and `"5ep"` need none of this: they are parsed with another horizon.
 *
 * Throws a {@link ScheduleError} for a length that is not a number > 0, and for a plan with a bare function, which has
 * no durations to see.
 *
 * @example
 * const plan = scaleTo(cosineDecay({ initValue: 0.1, decaySteps: 100 }), { from: 100, to: 250, parse: parsePlan });
 * planToJSON(plan); // { learningRate: { type: 'cosineDecay', initValue: 0.1, decaySteps: 250 } }
 */
export function scaleTo(plan: Schedule | number | Plan, options: ScaleToOptions): Plan {
  const table = { from: positiveFactor, to: positiveFactor, parse: callback<Parser>() };
  const { from, to, parse } = checkOptions('scaleTo', table, options);
  return parse(planToJSON(toPlan(plan)), { scale: to / from });
}
