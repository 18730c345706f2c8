import {
  add,
  clamp,
  inverseTimeDecay,
  multiply,
  polynomialDecay,
  sequence,
  stableDecay,
  constant,
  type DescribedSchedule,
} from '@anneal/core';
import { choice, positiveFactor, rate as rateKind, real, steps } from '@anneal/core/kinds';
import { readArguments, refuse, type Arguments } from '../readArguments.ts';
import { commonArguments, noisy, warmed, warmupArguments } from './arguments.ts';

const name = 'WSDLRScheduler';

const table = {
  t_initial: steps,
  decay_t: steps,
  lr_min: [rateKind, 0],
  stable_fn: [choice('constant', 'rsqrt', 'power'), 'constant'],
  stable_timescale: [real, null],
  stable_power: [positiveFactor, 0.5],
  decay_fn: [choice('linear', '1-sqrt', 'cosine', 'power', 'exp'), '1-sqrt'],
  decay_power: [positiveFactor, 0.5],
  decay_ratio: [positiveFactor, 0.1],
  ...warmupArguments,
  ...commonArguments,
} as const;

type Args = Arguments<typeof table>;

/** Warm-up, a stable phase that may fall itself, decay: t_initial counts from the end of the warm-up. */
export function wsdScheduler(given: unknown, rate: number, path: string): DescribedSchedule {
  const args = readArguments(name, given, table, path);
  const { t_initial, decay_t, decay_ratio } = args;
  if (decay_t > t_initial)
    throw refuse('contradiction', name, 'decay_t', `at most t_initial (${t_initial})`, decay_t, path);
  if (!(decay_ratio < 1)) throw refuse('invalid', name, 'decay_ratio', 'a number in (0, 1)', decay_ratio, path);
  const course = args.stable_fn === 'constant' ? steady(args, rate) : falling(args, rate, path);
  return noisy(name, args, warmed({ ...args, warmup_prefix: true }, rate, course), path);
}

/** Stable at the rate, or at lr_min where that is higher. */
function steady(args: Args, rate: number): DescribedSchedule {
  return decayed(args, Math.max(rate, args.lr_min), args.lr_min);
}

/** A stable phase that falls goes on falling while the decay takes it down: lr_min + (stable − lr_min)·decay. */
function falling(args: Args, rate: number, path: string): DescribedSchedule {
  const { lr_min, stable_fn, stable_power, warmup_t } = args;
  const timescale = args.stable_timescale ?? warmup_t;
  if (timescale <= 0) {
    const rule =
      args.stable_timescale === null ? 'a number > 0, as there is no warm-up to take it from' : 'a number > 0';
    throw refuse(
      args.stable_timescale === null ? 'required' : 'invalid',
      name,
      'stable_timescale',
      rule,
      args.stable_timescale,
      path,
    );
  }
  const power = stable_fn === 'rsqrt' ? 0.5 : stable_power;
  const stable = inverseTimeDecay({ initValue: rate, decayRate: 1, decaySteps: timescale, power });
  if (lr_min === 0) return multiply({ schedules: [stable, decayed(args, 1, 0)] });
  const held = clamp({ schedule: stable, minValue: lr_min });
  return add({
    schedules: [
      multiply({ schedules: [held, decayed(args, 1, 0)] }),
      multiply({ schedules: [lr_min, decayed(args, 0, 1)] }),
    ],
  });
}

const shapes = { linear: 'linear', '1-sqrt': 'oneMinusSqrt', cosine: 'cosine' } as const;

/** One value, and then the way to another that decay_fn says. */
function decayed(args: Args, initValue: number, endValue: number): DescribedSchedule {
  const { t_initial, decay_t: decaySteps, decay_fn } = args;
  const stableSteps = t_initial - decaySteps;
  const phases = { initValue, endValue, stableSteps, decaySteps };
  if (decay_fn === 'exp') return stableDecay({ ...phases, shape: 'saturating', saturation: args.decay_ratio });
  if (decay_fn !== 'power') return stableDecay({ ...phases, shape: shapes[decay_fn] });
  const decay = polynomialDecay({ initValue, endValue, decaySteps, kDecay: args.decay_power });
  if (stableSteps === 0) return decay;
  return sequence({ schedules: [constant({ value: initValue }), decay], boundaries: [stableSteps] });
}
