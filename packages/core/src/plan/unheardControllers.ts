import type { Plan } from './plan.ts';
import { allTracks, resolvePlan, type ResolvedUse } from './resolvePlan.ts';

/**
 * The controllers of a plan that would wait for ever where only these metrics are reported, in the plan's order. A runner
 * that knows what it reports asks before it trains.
 *
 * Throws a {@link ScheduleError} for a plan that is wrong.
 *
 * @example
 * const plan = { learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({}) } } } };
 * unheardControllers(plan, ['batchLoss']).map(({ path, use }) => [path, use.monitor]); // [['learningRate/plateau', 'loss']]
 */
export function unheardControllers(plan: Plan, reported: Iterable<string>): readonly ResolvedUse[] {
  const heard = new Set(reported);
  const uses = allTracks(resolvePlan(plan)).flatMap(({ controllers }) => controllers);
  return uses.filter(({ use }) => !heard.has(use.monitor));
}
