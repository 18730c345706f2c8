import {
  createScheduler,
  hyperparameters,
  resolvePlan,
  type GroupValues,
  type Hyperparameter,
  type Metrics,
  type Plan,
} from '@anneal/core';

/** Values by hyperparameter, one for each step. */
export type Tracks = { [H in Hyperparameter]?: number[] };

/** A plan at `steps` steps from `start` on: the form that `sample --json` prints. */
export interface Sampled {
  readonly start: number;
  readonly steps: number;
  readonly values: Tracks;
  readonly groups?: Readonly<Record<string, Tracks>>;
}

export interface SampleOptions {
  readonly start: number;
  readonly steps: number;
  /** Element t is reported after update t; a number stands for every metric that the plan monitors. */
  readonly metrics?: readonly (number | Metrics)[];
}

/** Asks a plan for its values step by step, handing metrics to its controllers on the way. */
export function sampled(plan: Plan, { start, steps, metrics }: SampleOptions): Sampled {
  const scheduler = createScheduler(plan);
  const monitors = monitorsOf(plan);
  const values: Tracks = {};
  const groups: Record<string, Tracks> = {};
  const take = (step: number): void => {
    const { groups: ofGroups = {}, ...base } = scheduler.values(step);
    append(values, base);
    for (const [name, own] of Object.entries(ofGroups)) append((groups[name] ??= {}), own);
  };
  const end = start + steps;
  for (let step = metrics === undefined ? start : 0; step < end; step += 1) {
    if (step >= start) take(step);
    if (metrics === undefined) continue;
    scheduler.advance();
    const metric = metrics[step];
    if (metric === undefined) continue;
    scheduler.report(typeof metric === 'number' ? Object.fromEntries(monitors.map((name) => [name, metric])) : metric);
  }
  return { start, steps, values, ...(Object.keys(groups).length > 0 && { groups }) };
}

function append(tracks: Tracks, values: GroupValues): void {
  for (const name of hyperparameters) {
    const value = values[name];
    if (value !== undefined) (tracks[name] ??= []).push(value);
  }
}

function monitorsOf(plan: Plan): string[] {
  const { base, groups = {} } = resolvePlan(plan);
  const tracks = [base, ...Object.values(groups)].flatMap((all) => Object.values(all));
  return [...new Set(tracks.flatMap(({ controllers }) => controllers.map(({ use }) => use.monitor)))];
}
