import { checkOptions } from '../options/checkOptions.ts';
import { defineSchedule, type ScheduleDefinition } from '../definition/defineSchedule.ts';
import { mustBe } from '../error.ts';
import { child } from '../kinds/child.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { properFraction } from '../kinds/properFraction.ts';
import { rate } from '../kinds/rate.ts';
import type { Outline } from '../look/outline.ts';
import type { Child } from '../schedule.ts';
import { bounded } from '../numerics/bounded.ts';

export interface ScaleToBatchOptions {
  /** A schedule that is right for batches of `baseBatchSize` examples. */
  readonly schedule: Child;
  /** Examples in the batches that are trained with, > 0. */
  readonly batchSize: number;
  /** Examples in the batches that the schedule was made for, > 0. */
  readonly baseBatchSize: number;
  /** linear, for SGD; squareRoot, for Adam and LAMB. Default linear. */
  readonly rule?: 'linear' | 'squareRoot';
}

/**
 * A schedule carried over to another batch size.
 *
 * @formula v(t) = κ·schedule(t), squareRoot √κ·schedule(t), κ = batchSize/baseBatchSize
 * @start κ·schedule(0) or √κ·schedule(0)
 * @end the schedule's, times the same
 * @source linear: Goyal et al. 2017, "Accurate, Large Minibatch SGD", arXiv 1706.02677, section 2.1; squareRoot:
 *   Krizhevsky 2014, arXiv 1404.5997, and Malladi et al. 2022, arXiv 2205.10287 (Adam; see adamBatchScaling)
 * @example
 * scaleToBatch({ schedule: 0.1, batchSize: 128, baseBatchSize: 32, rule: 'squareRoot' })(0) // 0.2
 */
export const scaleToBatch: ScheduleDefinition<'scaleToBatch', ScaleToBatchOptions> = /* @__PURE__ */ defineSchedule(
  'scaleToBatch',
  {
    schedule: child,
    batchSize: positiveFactor,
    baseBatchSize: positiveFactor,
    rule: [/* @__PURE__ */ choice('linear', 'squareRoot'), 'linear'],
  },
  ({ schedule, batchSize, baseBatchSize, rule }) => {
    const ratio = bounded(batchSize / baseBatchSize);
    const factor = rule === 'linear' ? ratio : Math.sqrt(ratio);
    return (step) => bounded(factor * schedule(step));
  },
);

/** What of Adam changes with the batch size. */
export interface AdamBatchScaling {
  /** What the learning rate is multiplied by. */
  readonly learningRateFactor: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * Adam's options for batches κ = batchSize/baseBatchSize times as large, so that training takes the same path in examples.
 *
 * Formula: learning rate ·√κ, 1−β → κ(1−β), ε → ε/√κ (Malladi et al. 2022, arXiv 2205.10287). Throws a
 * ScheduleError where a size is not a number > 0 or where κ is so large that a β would fall below 0.
 *
 * @example
 * adamBatchScaling({ batchSize: 128, baseBatchSize: 32 }).beta1 // 0.6000000000000001
 */
export function adamBatchScaling(options: {
  readonly batchSize: number;
  readonly baseBatchSize: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}): AdamBatchScaling {
  const subject = 'adamBatchScaling';
  const { batchSize, baseBatchSize, beta1, beta2, epsilon } = checkOptions(subject, adamOptions, options);
  const ratio = batchSize / baseBatchSize;
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (ratio * (1 - beta) > 1) mustBe(subject, 'batchSize', `at most baseBatchSize/(1−${name})`, batchSize);
  }
  return {
    learningRateFactor: Math.sqrt(ratio),
    beta1: 1 - ratio * (1 - beta1),
    beta2: 1 - ratio * (1 - beta2),
    epsilon: epsilon / Math.sqrt(ratio),
  };
}

const adamOptions = {
  batchSize: positiveFactor,
  baseBatchSize: positiveFactor,
  beta1: [properFraction, 0.9],
  beta2: [properFraction, 0.999],
  epsilon: [rate, 1e-8],
} as const;

export const outline: Outline<ScaleToBatchOptions> = () => [{ from: 0, inside: 'schedule' }];
