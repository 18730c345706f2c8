import { constant, cosineDecay, linear, sequence, shift, warmRestarts, type DescribedSchedule } from '@anneal/core';
import { factor, rate as rateKind } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { warmed, type Run } from './run.ts';

/** num_cycles waves over the steps after the warm-up, and on past the end. */
function wave({ rate, decaySteps }: Run, cycles: number, endValue = 0): DescribedSchedule {
  if (cycles === 0) return constant({ value: rate });
  return cosineDecay({ initValue: rate, endValue, decaySteps: decaySteps / (2 * cycles), pastEnd: 'continue' });
}

export function cosine(run: Run): DescribedSchedule {
  const { num_cycles } = readArguments('cosine', run.kwargs, { num_cycles: [factor, 0.5] }, run.path);
  return warmed(run, wave(run, num_cycles));
}

/** Half waves that restart; 0 once the run is over. */
export function cosineWithRestarts(run: Run): DescribedSchedule {
  const { num_cycles } = readArguments('cosine_with_restarts', run.kwargs, { num_cycles: [factor, 1] }, run.path);
  const cycleSteps = run.decaySteps / num_cycles;
  const over = (schedule: DescribedSchedule): DescribedSchedule =>
    warmed(run, sequence({ schedules: [schedule, constant({ value: 0 })], boundaries: [run.decaySteps] }));
  // Of a single step, and of no cycle, only the start is seen.
  if (run.decaySteps === 1 || num_cycles === 0) return over(constant({ value: run.rate }));
  if (cycleSteps < 1) {
    const rule = `at most ${run.decaySteps}, the steps after the warm-up: a cycle needs one`;
    throw refuse('contradiction', 'cosine_with_restarts', 'num_cycles', rule, num_cycles, run.path);
  }
  return over(warmRestarts({ initValue: run.rate, cycleSteps }));
}

const floors = {
  num_cycles: [factor, 0.5],
  min_lr: [rateKind, null],
  min_lr_rate: [factor, null],
} as const;

/** The lower turning point: a rate, or a share of the rate; exactly one of them. */
function floorOf(name: string, { rate, path }: Run, min_lr: number | null, min_lr_rate: number | null): number {
  if (min_lr !== null && min_lr_rate !== null)
    throw refuse('contradiction', name, 'min_lr_rate', 'left out where min_lr is given', min_lr_rate, path);
  const end = min_lr ?? (min_lr_rate === null ? null : rate * min_lr_rate);
  if (end === null) throw refuse('required', name, 'min_lr', 'given, or min_lr_rate', undefined, path);
  return end;
}

export function cosineWithMinLr(run: Run): DescribedSchedule {
  const args = readArguments('cosine_with_min_lr', run.kwargs, floors, run.path);
  const end = floorOf('cosine_with_min_lr', run, args.min_lr, args.min_lr_rate);
  return warmed(run, wave(run, args.num_cycles, end));
}

/**
 * The same with a warm-up that reaches the rate one step earlier, at W−1: (t+1)/W, or from warmup_lr_rate in W−1 steps.
 * The wave begins there, so at W it has already gone one step.
 */
export function cosineWarmupWithMinLr(run: Run): DescribedSchedule {
  const name = 'cosine_warmup_with_min_lr';
  const args = readArguments(name, run.kwargs, { ...floors, warmup_lr_rate: [factor, null] }, run.path);
  const decay = wave(run, args.num_cycles, floorOf(name, run, args.min_lr, args.min_lr_rate));
  const { rate, warmupSteps } = run;
  const first = args.warmup_lr_rate ?? 1 / Math.max(1, warmupSteps);
  if (warmupSteps === 0) return shift({ schedule: decay, shiftSteps: -1 });
  const rise =
    warmupSteps === 1
      ? constant({ value: rate * first })
      : linear({ initValue: rate * first, endValue: rate, decaySteps: warmupSteps - 1 });
  return sequence({ schedules: [rise, shift({ schedule: decay, shiftSteps: -1 })], boundaries: [warmupSteps] });
}
