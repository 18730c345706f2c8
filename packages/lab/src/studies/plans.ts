import { resolvePlan, type Plan, type ScheduleSpec } from '@anneal/core';

/**
 * The JSON form of the schedule used where none is given: linear warm-up over a tenth of the run, then a cosine to 0
 * over the rest. It fits any length.
 */
export function defaultSchedule(peakValue: number): ScheduleSpec {
  return {
    type: 'warmup',
    warmupSteps: '10%',
    schedule: { type: 'cosineDecay', initValue: peakValue, decaySteps: '90%' },
  } as unknown as ScheduleSpec;
}

/** The largest rate that a plan's schedule gives during a run, controllers apart. */
export function peakRate(plan: Plan, { totalSteps }: { readonly totalSteps: number }): number {
  const { schedule } = resolvePlan(plan).base.learningRate!;
  let peak = 0;
  for (let step = 0; step < totalSteps; step += 1) peak = Math.max(peak, schedule(step));
  return peak;
}
