import { resolvePlan, type Plan } from '@anneal/core';
import type { Setup } from './setup.ts';

/**
 * The JSON form of the schedule used where none is given: linear warm-up over a tenth of the run, then a cosine to 0
 * over the rest. It fits any length.
 */
export function defaultSchedule(peakValue: number): object {
  return {
    type: 'warmup',
    warmupSteps: '10%',
    schedule: { type: 'cosineDecay', initValue: peakValue, decaySteps: '90%' },
  };
}

/** The largest rate that a plan's schedule gives during a run, controllers apart. */
export function peakRate(plan: Plan, { totalSteps }: Pick<Setup, 'totalSteps'>): number {
  const { schedule } = resolvePlan(plan).base.learningRate!;
  let peak = 0;
  for (let step = 0; step < totalSteps; step += 1) peak = Math.max(peak, schedule(step));
  return peak;
}

/** The control of a plan: its largest rate, held all along without controllers; every other track as it is. */
export function controlPlan(plan: Plan, setup: Pick<Setup, 'totalSteps'>): Plan {
  const { groups: _, ...tracks } = plan;
  return { ...tracks, learningRate: peakRate(plan, setup) };
}
