import { constant, type DescribedSchedule, type Horizon, type Plan } from '@anneal/core';
import { choice, fraction, rate, text } from '@anneal/core/kinds';
import { readArguments, readObject, refuse } from '../readArguments.ts';
import { readPlateau } from '../torch/plateau.ts';
import { cosine, cosineWarmupWithMinLr, cosineWithMinLr, cosineWithRestarts } from './cosine.ts';
import { readGreedy } from './greedy.ts';
import { constantWithWarmup, inverseSqrt, linearWithWarmup, polynomial } from './plain.ts';
import type { Run } from './run.ts';
import { warmupStableDecay } from './warmupStableDecay.ts';

/** The fields of `TrainingArguments` that make the schedule, as `read` takes them. */
export interface TransformersDescription {
  /** A `SchedulerType`; default "linear". */
  readonly lr_scheduler_type?: string;
  /** Default 5e-5. */
  readonly learning_rate?: number;
  /** Updates, or below 1 a share of the run, rounded up. Default 0. */
  readonly warmup_steps?: number;
  /** Of transformers up to 5.1: where `warmup_steps` is 0, a share of the run, rounded up. Default 0. */
  readonly warmup_ratio?: number;
  /** Updates in the run. */
  readonly max_steps?: number;
  /** What plateau and greedy read in each evaluation, with or without "eval_"; default "loss". */
  readonly metric_for_best_model?: string | null;
  /** What the schedule takes beside these. */
  readonly lr_scheduler_kwargs?: Readonly<Record<string, unknown>> | null;
}

/** How each type is made; the controllers are apart, they take no run. */
const types: Readonly<Record<string, (run: Run & { readonly totalGiven: boolean }) => DescribedSchedule>> = {
  linear: linearWithWarmup,
  cosine,
  cosine_with_restarts: cosineWithRestarts,
  polynomial,
  constant: ({ rate: value }) => constant({ value }),
  constant_with_warmup: constantWithWarmup,
  inverse_sqrt: inverseSqrt,
  cosine_with_min_lr: cosineWithMinLr,
  cosine_warmup_with_min_lr: cosineWarmupWithMinLr,
  warmup_stable_decay: warmupStableDecay,
};

const controllers = { reduce_lr_on_plateau: readPlateau, greedy: readGreedy } as const;

/** The types that transformers makes without knowing the length of the run. */
const withoutTotal = new Set(['constant', 'constant_with_warmup', 'inverse_sqrt', 'warmup_stable_decay']);

const table = {
  lr_scheduler_type: [choice(...Object.keys(types), ...Object.keys(controllers)), 'linear'],
  learning_rate: [rate, 5e-5],
  warmup_steps: [rate, 0],
  warmup_ratio: [fraction, 0],
  max_steps: [
    {
      kind: 'integer',
      rule: 'an integer >= 1',
      read: (value: unknown) => (Number.isInteger(value) && (value as number) >= 1 ? (value as number) : undefined),
    },
    null,
  ],
  metric_for_best_model: [text, null],
  lr_scheduler_kwargs: [{ kind: 'object', rule: 'an object', read: (value: unknown) => value }, null],
} as const;

/**
 * The plan that gives the numbers of a schedule of transformers' Trainer.
 *
 * @param horizon - `totalSteps` stands in for a `max_steps` that is left out
 * @throws ScheduleError that names the type and the argument which is unknown, missing or out of range
 * @example
 * read({ lr_scheduler_type: 'cosine', learning_rate: 5e-5, warmup_steps: 100, max_steps: 1000 })
 */
export function read(description: unknown, horizon: Horizon = {}): Plan {
  const args = readArguments('transformers', description, table, '');
  const { lr_scheduler_type: type, learning_rate: base, max_steps } = args;
  const kwargs = readObject(type, args.lr_scheduler_kwargs ?? {}, '/lr_scheduler_kwargs');
  if (type === 'reduce_lr_on_plateau' || type === 'greedy') {
    const metric = (args.metric_for_best_model ?? 'loss').replace(/^eval_/, '');
    return controllers[type](kwargs, base, '/lr_scheduler_kwargs', `val_${metric}`);
  }
  const total = max_steps ?? horizon.totalSteps;
  const warmup = args.warmup_steps > 0 ? args.warmup_steps : args.warmup_ratio;
  // A ratio of 1 is the whole run, warm-up steps of 1 are one update.
  const isShare = warmup > 0 && (warmup < 1 || warmup !== args.warmup_steps);
  if (total === undefined && (!withoutTotal.has(type) || isShare))
    throw refuse('required', type, 'max_steps', 'an integer >= 1', undefined, '');
  const totalSteps = total ?? 0;
  const warmupSteps = isShare ? Math.ceil(totalSteps * warmup) : Math.trunc(warmup);
  const run = { rate: base, warmupSteps, totalSteps, decaySteps: Math.max(1, totalSteps - warmupSteps), kwargs };
  return { learningRate: types[type]!({ ...run, path: '/lr_scheduler_kwargs', totalGiven: total !== undefined }) };
}
