import { constant, cosineDecay, polynomialDecay, tanhDecay, warmRestarts, type DescribedSchedule } from '@anneal/core';
import { flag, positiveFactor, real } from '@anneal/core/kinds';
import { readArguments, refuse, type Arguments } from '../readArguments.ts';
import { commonArguments, cycleArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const shared = { ...cycleArguments, ...warmupArguments, warmup_prefix: [flag, false], ...commonArguments } as const;

/** A curve that falls from one value to another in t_initial. */
type Curve = (ends: {
  readonly initValue: number;
  readonly endValue: number;
  readonly decaySteps: number;
}) => DescribedSchedule;

/** The cycles that the cosine, polynomial and tanh schedulers share: each lower and longer than the one before. */
function cycling(args: Arguments<typeof cycleArguments>, rate: number, curve: Curve): DescribedSchedule {
  const { t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit } = args;
  if (cycle_limit === 0) return constant({ value: lr_min });
  if (cycle_limit === 1) return curve({ initValue: rate, endValue: lr_min, decaySteps: t_initial });
  return warmRestarts({
    initValue: rate,
    endValue: lr_min,
    cycleSteps: t_initial,
    cycleFactor: cycle_mul,
    decayFactor: cycle_decay,
    decays: 'peak',
    cycleLimit: cycle_limit,
    schedule: curve({ initValue: 1, endValue: 0, decaySteps: t_initial }),
  });
}

export function cosineScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('CosineLRScheduler', given, { ...shared, k_decay: [positiveFactor, 1] }, path);
  const course = cycling(args, rate, (ends) => cosineDecay({ ...ends, kDecay: args.k_decay }));
  return noisy(args, warmed(args, rate, course));
}

export function polyScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const table = { ...shared, power: [positiveFactor, 0.5], k_decay: [positiveFactor, 1] } as const;
  const args = readArguments('PolyLRScheduler', given, table, path);
  const course = cycling(args, rate, (ends) => polynomialDecay({ ...ends, power: args.power, kDecay: args.k_decay }));
  return noisy(args, warmed(args, rate, course));
}

/** Hyperbolic tangent: its curve begins below 1 and ends above 0, and without prefix the warm-up meets it. */
export function tanhScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('TanhLRScheduler', given, { ...shared, lb: [real, -7], ub: [real, 3] }, path);
  const { lb, ub, warmup_t, warmup_prefix } = args;
  if (!(lb < ub)) throw refuse('contradiction', 'TanhLRScheduler', 'lb', `< ub (${ub})`, lb, path);
  const course = cycling(args, rate, (ends) => tanhDecay({ ...ends, lower: lb, upper: ub, ends: 'raw' }));
  return noisy(args, warmed(args, warmup_prefix ? rate : course(warmup_t), course));
}
