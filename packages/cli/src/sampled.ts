import {
  createScheduler,
  hyperparameters,
  unheardControllers,
  type GroupValues,
  type Hyperparameter,
  type Metrics,
  type Plan,
} from '@anneal/core';
import { UsageError } from './usageError.ts';

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
  if (metrics !== undefined) checkHeard(monitors, metrics);
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

/** The metrics that the plan's controllers read. */
function monitorsOf(plan: Plan): string[] {
  return [...new Set(unheardControllers(plan, []).map(({ use }) => use.monitor))];
}

/** Refuses metrics of which no controller hears one. */
function checkHeard(monitors: readonly string[], metrics: readonly (number | Metrics)[]): void {
  if (monitors.length === 0 || metrics.some((one) => typeof one === 'number')) return;
  const given = [...new Set(metrics.flatMap((one) => Object.keys(one)))];
  if (given.length === 0 || given.some((name) => monitors.includes(name))) return;
  const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
  throw new UsageError(
    `--metrics names ${quoted(given)}; the plan reads ${quoted(monitors)}, and a bare number is any of them`,
  );
}
