import {
  constant,
  cosineDecay,
  inverseTimeDecay,
  linear,
  quantize,
  sequence,
  shift,
  warmup,
  type DescribedSchedule,
  type Plan,
} from '@anneal/core';
import { choice, factor, flag, fraction, integer, positiveFactor, rate, stepsOrZero } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { stairs, way, wayBack } from './stairs.ts';

/** Turns the arguments of one class of deepspeed.runtime.lr_schedules into a plan; `lr` is the optimizer's rate. */
type Translation = (args: unknown, lr: () => number, path: string) => Plan;

const rising = { warmup_num_steps: [integer, 1000], warmup_type: [choice('log', 'linear'), 'log'] } as const;

/** The arguments of DeepSpeed's OneCycle. */
const oneCycleTable = {
  cycle_min_lr: rate,
  cycle_max_lr: rate,
  decay_lr_rate: [factor, 0],
  cycle_first_step_size: [positiveFactor, 2000],
  cycle_second_step_size: [positiveFactor, null],
  cycle_first_stair_count: [stairs, 0],
  cycle_second_stair_count: [stairs, null],
  decay_step_size: [factor, 0],
  cycle_momentum: [flag, true],
  cycle_min_mom: [fraction, 0.8],
  cycle_max_mom: [fraction, 0.9],
  decay_mom_rate: [factor, 0],
} as const;

/** Every class of deepspeed.runtime.lr_schedules. */
export const translations: Readonly<Record<string, Translation>> = {
  LRRangeTest: (args, _, path) => {
    const table = {
      lr_range_test_min_lr: [rate, 1e-3],
      lr_range_test_step_size: [integer, 2000],
      lr_range_test_step_rate: [factor, 1],
      lr_range_test_staircase: [flag, false],
    } as const;
    const read = readArguments('LRRangeTest', args, table, path);
    const { lr_range_test_min_lr: initValue, lr_range_test_step_size: size } = read;
    // DeepSpeed's line has no end; ours has one so far out that no run comes near it.
    const sizes = 2 ** 40;
    const line = linear({
      initValue,
      endValue: initValue * (1 + read.lr_range_test_step_rate * sizes),
      decaySteps: size * sizes,
    });
    return { learningRate: read.lr_range_test_staircase ? quantize({ schedule: line, everySteps: size }) : line };
  },

  WarmupLR: (args, lr, path) => {
    const table = { warmup_min_lr: [rate, 0], warmup_max_lr: [rate, null], ...rising } as const;
    const read = readArguments('WarmupLR', args, table, path);
    return { learningRate: late(risen('WarmupLR', { ...read, warmup_max_lr: read.warmup_max_lr ?? lr() }, path)) };
  },

  WarmupDecayLR: (args, _, path) => {
    const table = {
      total_num_steps: stepsOrZero,
      warmup_min_lr: [rate, 0],
      warmup_max_lr: [rate, 1e-3],
      ...rising,
    } as const;
    const read = readArguments('WarmupDecayLR', args, table, path);
    const { warmup_min_lr: low, warmup_max_lr: high } = read;
    const warm = lengthOf(read.warmup_num_steps);
    const decaySteps = read.total_num_steps - warm;
    const fall = decaySteps > 0 ? linear({ initValue: high, endValue: low, decaySteps }) : constant({ value: low });
    const schedules = [risen('WarmupDecayLR', read, path), fall];
    return { learningRate: late(sequence({ schedules, boundaries: [warm] })) };
  },

  WarmupCosineLR: (args, lr, path) => {
    const table = {
      total_num_steps: stepsOrZero,
      warmup_min_ratio: [fraction, 0],
      cos_min_ratio: [factor, 1e-4],
      ...rising,
    } as const;
    const read = readArguments('WarmupCosineLR', args, table, path);
    const peak = lr();
    const ends = { warmup_min_lr: peak * read.warmup_min_ratio, warmup_max_lr: peak };
    const rise = risen('WarmupCosineLR', { ...read, ...ends }, path);
    const warm = lengthOf(read.warmup_num_steps);
    const decaySteps = Math.max(1, read.total_num_steps - warm);
    const wave = cosineDecay({ initValue: peak, endValue: peak * read.cos_min_ratio, decaySteps });
    // The wave begins one step in; the first update of all is made with a rate of 0.
    const schedules = [0, rise, shift({ schedule: wave, shiftSteps: -1 })];
    return { learningRate: sequence({ schedules, boundaries: [1, 1 + warm] }) };
  },

  OneCycle: (args, _, path) => {
    const read = readArguments('OneCycle', args, oneCycleTable, path);
    const { cycle_min_lr: low, cycle_first_step_size: up, cycle_first_stair_count: upStairs } = read;
    const { decay_lr_rate: decayRate, decay_step_size: every, cycle_max_mom: high } = read;
    const down = read.cycle_second_step_size ?? up;
    if (!Number.isInteger(up + down)) {
      const rule = 'such that both lengths are a whole number: DeepSpeed begins another cycle between two steps';
      throw refuse('contradiction', 'OneCycle', 'cycle_second_step_size', rule, down, path);
    }
    const downStairs = read.cycle_second_stair_count ?? upStairs;
    const cycle = (from: number, to: number, rest: DescribedSchedule | number): DescribedSchedule => {
      const schedules = [way(from, to, up, upStairs), wayBack(to, from, down, downStairs), rest];
      return sequence({ schedules, boundaries: [up, up + down] });
    };
    const decays = every > 0 && decayRate > 0;
    const tail = decays ? inverseTimeDecay({ initValue: low, decayRate, decaySteps: every }) : low;
    const learningRate = cycle(low, read.cycle_max_lr, tail);
    if (!read.cycle_momentum) return { learningRate };
    if (read.decay_mom_rate > 0 && every > 0) {
      const rule = '0: with it the momentum grows for ever';
      throw refuse('invalid', 'OneCycle', 'decay_mom_rate', rule, read.decay_mom_rate, path);
    }
    // The momentum is Adam's β₁, which begins at the lowest value for one update; DeepSpeed sets β₂ to 0.99 with it.
    const momentum = shift({ schedule: cycle(high, read.cycle_min_mom, high), shiftSteps: -1 });
    const beta1 = sequence({ schedules: [read.cycle_min_mom, momentum], boundaries: [1] });
    return { learningRate, beta1, beta2: 0.99 };
  },
};

interface Rise {
  readonly warmup_min_lr: number;
  readonly warmup_max_lr: number;
  readonly warmup_num_steps: number;
  readonly warmup_type: 'log' | 'linear';
}

/** DeepSpeed's warm-up takes two steps at least. */
const lengthOf = (steps: number): number => Math.max(2, steps);

function risen(name: string, rise: Rise, path: string): DescribedSchedule {
  const { warmup_min_lr: low, warmup_max_lr: high, warmup_type: type } = rise;
  if (low > high || high === 0) {
    throw refuse('contradiction', name, 'warmup_max_lr', `> 0 and at least the rate at the start (${low})`, high, path);
  }
  const options = { warmupSteps: lengthOf(rise.warmup_num_steps), schedule: high, startFactor: low / high };
  return type === 'linear' ? warmup(options) : warmup({ ...options, shape: 'log', reach: 'last' });
}

/** DeepSpeed counts batches from −1: the first update is made with the value of step 0, as is the second. */
const late = (schedule: DescribedSchedule): DescribedSchedule => shift({ schedule, shiftSteps: 1 });
