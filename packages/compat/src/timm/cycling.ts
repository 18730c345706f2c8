import {
  constant,
  cosineDecay,
  piecewiseConstant,
  polynomialDecay,
  sequence,
  tanhDecay,
  warmRestarts,
  type DescribedSchedule,
} from '@anneal/core';
import { factor, flag, real } from '@anneal/core/kinds';
import { readArguments, refuse, type Arguments } from '../readArguments.ts';
import { commonArguments, cycleArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const shared = { ...cycleArguments, ...warmupArguments, warmup_prefix: [flag, false], ...commonArguments } as const;

/** A curve that falls from one value to another in t_initial. */
type Curve = (ends: Ends) => DescribedSchedule;

interface Ends {
  readonly initValue: number;
  readonly endValue: number;
  readonly decaySteps: number;
}

/** The cycles that the cosine, polynomial and tanh schedulers share: each of another height and length than the one before. */
function cycling(
  name: string,
  args: Arguments<typeof cycleArguments>,
  rate: number,
  curve: Curve,
  path: string,
): DescribedSchedule {
  const { t_initial, lr_min, cycle_mul, cycle_decay } = args;
  const cycle_limit = Math.ceil(args.cycle_limit);
  if (cycle_limit === 0) return constant({ value: lr_min });
  if (cycle_limit === 1) return curve({ initValue: rate, endValue: lr_min, decaySteps: t_initial });
  if (cycle_mul < 1) return shortening(name, { ...args, cycle_limit }, rate, curve, path);
  if (t_initial < 1)
    throw refuse('contradiction', name, 't_initial', 'at least 1 where cycles follow', t_initial, path);
  if (cycle_mul > 1000) throw refuse('invalid', name, 'cycle_mul', 'at most 1000', cycle_mul, path);
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

/** Each of them is a part of its own. */
const maxCycles = 2000;

/**
 * Cycles that get shorter, one after the other. However many they are, they are over at t_initial / (1 − cycle_mul); from
 * there on timm takes the logarithm of a negative number, and lr_min is held here.
 */
function shortening(
  name: string,
  { t_initial, lr_min, cycle_mul, cycle_decay, cycle_limit }: Arguments<typeof cycleArguments>,
  rate: number,
  curve: Curve,
  path: string,
): DescribedSchedule {
  const startOf = (i: number): number => (t_initial * (1 - cycle_mul ** i)) / (1 - cycle_mul);
  const end = t_initial / (1 - cycle_mul);
  const schedules: DescribedSchedule[] = [];
  const starts: number[] = [];
  let i = 0;
  while (i < cycle_limit && Math.ceil(startOf(i)) < end) {
    // Of cycles without a whole t nothing is seen.
    if (Math.ceil(startOf(i)) < startOf(i + 1)) {
      const decaySteps = t_initial * cycle_mul ** i;
      schedules.push(curve({ initValue: rate * cycle_decay ** i, endValue: lr_min, decaySteps }));
      starts.push(startOf(i));
    }
    i += 1;
    if (i > maxCycles)
      throw refuse('tooLarge', name, 'cycle_limit', `at most ${maxCycles} cycles that shorten`, cycle_limit, path);
  }
  schedules.push(constant({ value: lr_min }));
  starts.push(startOf(i));
  return sequence({ schedules, boundaries: starts.slice(1) });
}

/** With a k_decay of 0 the time is 1 from the start: the curve is at its end. */
const distorted = (
  kDecay: number,
  ends: Ends,
  curve: (way: Ends & { readonly kDecay: number }) => DescribedSchedule,
): DescribedSchedule => (kDecay === 0 ? constant({ value: ends.endValue }) : curve({ ...ends, kDecay }));

export function cosineScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('CosineLRScheduler', given, { ...shared, k_decay: [factor, 1] }, path);
  const course = cycling('CosineLRScheduler', args, rate, (ends) => distorted(args.k_decay, ends, cosineDecay), path);
  return noisy('CosineLRScheduler', args, warmed(args, rate, course), path);
}

export function polyScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const table = { ...shared, power: [factor, 0.5], k_decay: [factor, 1] } as const;
  const args = readArguments('PolyLRScheduler', given, table, path);
  const { power, k_decay: kDecay } = args;
  // What is to the power of 0 is 1: the curve falls at its end.
  const powered: Curve = (ends) =>
    power === 0
      ? piecewiseConstant({ boundaries: [ends.decaySteps], values: [ends.initValue, ends.endValue] })
      : distorted(kDecay, ends, (way) => polynomialDecay({ ...way, power }));
  const course = cycling('PolyLRScheduler', args, rate, powered, path);
  return noisy('PolyLRScheduler', args, warmed(args, rate, course), path);
}

/** Hyperbolic tangent: its curve begins below 1 and ends above 0, and without prefix the warm-up meets it. */
export function tanhScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments('TanhLRScheduler', given, { ...shared, lb: [real, -7], ub: [real, 3] }, path);
  const { lb, ub, warmup_t, warmup_prefix } = args;
  if (!(lb < ub)) throw refuse('contradiction', 'TanhLRScheduler', 'lb', `< ub (${ub})`, lb, path);
  const course = cycling(
    'TanhLRScheduler',
    args,
    rate,
    (ends) => tanhDecay({ ...ends, lower: lb, upper: ub, ends: 'raw' }),
    path,
  );
  return noisy('TanhLRScheduler', args, warmed(args, warmup_prefix ? rate : course(warmup_t), course), path);
}
