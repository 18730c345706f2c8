import type { DescribedSchedule } from '@anneal/core';
import { risen } from '../risen.ts';

/** What every schedule of transformers is made for. */
export interface Run {
  /** `learning_rate`: what the factors of transformers multiply. */
  readonly rate: number;
  /** `num_warmup_steps`, a whole number. */
  readonly warmupSteps: number;
  /** `num_training_steps`. */
  readonly totalSteps: number;
  /** The steps after the warm-up by which transformers divides: at least 1. */
  readonly decaySteps: number;
  /** `lr_scheduler_kwargs` and where they stand. */
  readonly kwargs: unknown;
  readonly path: string;
}

/** The warm-up of transformers: t/W of the rate, so the first update has the rate 0; the rest begins at W. */
export function warmed({ rate, warmupSteps }: Run, schedule: DescribedSchedule): DescribedSchedule {
  return risen(0, rate, warmupSteps, schedule);
}
