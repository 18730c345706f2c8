import {
  constant,
  inverseSqrtDecay,
  linear,
  piecewiseConstant,
  polynomialDecay,
  type DescribedSchedule,
} from '@anneal/core';
import { factor, positiveFactor, rate as rateKind } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { warmed, type Run } from './run.ts';

export function constantWithWarmup(run: Run): DescribedSchedule {
  readArguments('constant_with_warmup', run.kwargs, {}, run.path);
  return warmed(run, constant({ value: run.rate }));
}

/** Down to 0 at the end of the run; a warm-up that fills the run leaves nothing to come down from. */
export function linearWithWarmup(run: Run): DescribedSchedule {
  readArguments('linear', run.kwargs, {}, run.path);
  const { rate, warmupSteps, totalSteps, decaySteps } = run;
  return warmed(run, warmupSteps < totalSteps ? linear({ initValue: rate, decaySteps }) : constant({ value: 0 }));
}

/** A power of the time that is left, down to lr_end, an absolute rate. */
export function polynomial(run: Run): DescribedSchedule {
  const table = { lr_end: [rateKind, 1e-7], power: [factor, 1] } as const;
  const { lr_end, power } = readArguments('polynomial', run.kwargs, table, run.path);
  const { rate, warmupSteps, totalSteps, path } = run;
  if (!(lr_end < rate))
    throw refuse('contradiction', 'polynomial', 'lr_end', `< learning_rate (${rate})`, lr_end, path);
  if (warmupSteps === totalSteps) {
    const rule = 'other than max_steps: transformers divides by their difference';
    throw refuse('contradiction', 'polynomial', 'warmup_steps', rule, warmupSteps, '');
  }
  if (warmupSteps > totalSteps) return warmed(run, constant({ value: lr_end }));
  const decaySteps = totalSteps - warmupSteps;
  // 0 to the power of 0 is 1: the rate falls when the run is over.
  if (power === 0)
    return warmed(run, piecewiseConstant({ boundaries: [decaySteps], values: [rate, lr_end], change: 'after' }));
  return warmed(run, polynomialDecay({ initValue: rate, endValue: lr_end, decaySteps, power }));
}

/** 1/√ of the time, which is measured in the warm-up's length or in `timescale`. */
export function inverseSqrt(run: Run): DescribedSchedule {
  const { timescale } = readArguments('inverse_sqrt', run.kwargs, { timescale: [positiveFactor, null] }, run.path);
  const timescaleSteps = timescale ?? (run.warmupSteps || 10_000);
  return warmed(run, inverseSqrtDecay({ initValue: run.rate, timescaleSteps }));
}
