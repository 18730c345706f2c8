import { planToJSON, ScheduleError, type Plan, type RestoreOptions } from '@anneal/core';

/**
 * How a learner takes up what it saved: only under the same plan. A plan with a bare function has no JSON form to
 * compare by and is taken at its word.
 */
export function restoreOptions(plan: Plan): RestoreOptions {
  try {
    planToJSON(plan);
    return {};
  } catch (error) {
    if (error instanceof ScheduleError && error.code === 'function') return { onPlanChange: 'takeNew' };
    throw error;
  }
}
