import {
  constant,
  cosineDecay,
  exponentialDecay,
  linear,
  multiStepDecay,
  polynomialDecay,
  sequence,
  shift,
  stepDecay,
  warmRestarts,
  type DescribedSchedule,
} from '@anneal/core';
import { factor, flag, list, positiveFactor } from '@anneal/core/kinds';
import { lengthening } from '../lengthening.ts';
import { readArguments, refuse } from '../readArguments.ts';
import { time, type Clock, type Time } from './time.ts';

/** What a translation may ask for: the optimizer's rate, the clock, Composer's scale_schedule_ratio. */
export interface Context {
  readonly lr: number;
  readonly clock: Clock;
  readonly ratio: number;
}

/** Turns the arguments of one scheduler of Composer, whose values are factors of the rate, into a schedule. */
type Translation = (args: unknown, context: Context, path: string) => DescribedSchedule;

const wholeRun: Time = { text: '1dur', value: 1, unit: 'dur' };
const until = { t_max: [time, wholeRun] } as const;
const warming = { t_warmup: time, scale_warmup: [flag, false] } as const;

/** The schedulers of Composer without and with a warm-up. */
export const translations: Readonly<Record<string, Translation>> = {
  StepScheduler: (args, { lr, ...context }, path) => {
    const { step_size, gamma } = readArguments('StepScheduler', args, { step_size: time, gamma: [factor, 0.1] }, path);
    const dropSteps = lengthOf('StepScheduler', 'step_size', step_size, context, path);
    return stepDecay({ initValue: lr, dropFactor: gamma, dropSteps });
  },

  MultiStepScheduler: (args, { lr, ...context }, path) => {
    const table = { milestones: list(time), gamma: [factor, 0.1] } as const;
    const { milestones, gamma } = readArguments('MultiStepScheduler', args, table, path);
    return multiStepDecay({ initValue: lr, boundaries: boundariesOf(milestones, context), dropFactor: gamma });
  },

  ConstantScheduler: (args, { lr, clock, ratio }, path) => {
    const { alpha, t_max } = readArguments('ConstantScheduler', args, { alpha: [factor, 1], ...until }, path);
    return sequence({ schedules: [alpha * lr, lr], boundaries: [clock.batches(t_max, ratio)] });
  },

  LinearScheduler: (args, { lr, ...context }, path) => {
    const table = { alpha_i: [factor, 1], alpha_f: [factor, 0], ...until } as const;
    const { alpha_i, alpha_f, t_max } = readArguments('LinearScheduler', args, table, path);
    const decaySteps = lengthOf('LinearScheduler', 't_max', t_max, context, path);
    return linear({ initValue: alpha_i * lr, endValue: alpha_f * lr, decaySteps });
  },

  ExponentialScheduler: (args, { lr, ...context }, path) => {
    const table = {
      gamma: positiveFactor,
      decay_period: [time, { text: '1ep', value: 1, unit: 'ep' } as Time],
    } as const;
    const { gamma, decay_period } = readArguments('ExponentialScheduler', args, table, path);
    const decaySteps = lengthOf('ExponentialScheduler', 'decay_period', decay_period, context, path);
    return exponentialDecay({ initValue: lr, gamma, decaySteps });
  },

  CosineAnnealingScheduler: (args, { lr, ...context }, path) => {
    const { t_max, alpha_f } = readArguments(
      'CosineAnnealingScheduler',
      args,
      { ...until, alpha_f: [factor, 0] },
      path,
    );
    const decaySteps = lengthOf('CosineAnnealingScheduler', 't_max', t_max, context, path);
    return cosineDecay({ initValue: lr, endValue: alpha_f * lr, decaySteps });
  },

  CosineAnnealingWarmRestartsScheduler: (args, { lr, ...context }, path) => {
    const name = 'CosineAnnealingWarmRestartsScheduler';
    const table = {
      t_0: time,
      t_mult: [lengthening('Composer raises when a cycle has no length left'), 1],
      alpha_f: [factor, 0],
    } as const;
    const { t_0, t_mult, alpha_f } = readArguments(name, args, table, path);
    if (!Number.isInteger(t_mult)) {
      throw refuse('invalid', name, 't_mult', 'an integer >= 1: others round each cycle down', t_mult, path);
    }
    const cycleSteps = lengthOf(name, 't_0', t_0, context, path);
    return warmRestarts({ initValue: lr, endValue: alpha_f * lr, cycleSteps, cycleFactor: t_mult });
  },

  PolynomialScheduler: (args, { lr, ...context }, path) => {
    const table = { power: positiveFactor, ...until, alpha_f: [factor, 0] } as const;
    const { power, t_max, alpha_f } = readArguments('PolynomialScheduler', args, table, path);
    const decaySteps = lengthOf('PolynomialScheduler', 't_max', t_max, context, path);
    return polynomial(lr, alpha_f * lr, decaySteps, power);
  },

  MultiStepWithWarmupScheduler: (args, { lr, ...context }, path) => {
    const table = { ...warming, milestones: list(time), gamma: [factor, 0.1] } as const;
    const read = readArguments('MultiStepWithWarmupScheduler', args, table, path);
    const boundaries = boundariesOf(read.milestones, context);
    const stairs = multiStepDecay({ initValue: lr, boundaries, dropFactor: read.gamma });
    // The milestones count from the beginning of the run, warm-up included.
    const later = shift({ schedule: stairs, shiftSteps: -context.clock.batches(read.t_warmup) });
    return warmed('MultiStepWithWarmupScheduler', lr, read, later, context, path);
  },

  ConstantWithWarmupScheduler: (args, { lr, ...context }, path) => {
    const table = { ...warming, alpha: [factor, 1], ...until } as const;
    const { alpha, ...read } = readArguments('ConstantWithWarmupScheduler', args, table, path);
    remaining('ConstantWithWarmupScheduler', read, context, path);
    const schedule = constant({ value: alpha * lr });
    return warmed('ConstantWithWarmupScheduler', alpha * lr, read, schedule, context, path);
  },

  LinearWithWarmupScheduler: (args, { lr, ...context }, path) => {
    const table = { ...warming, alpha_i: [factor, 1], alpha_f: [factor, 0], ...until } as const;
    const { alpha_i, alpha_f, ...read } = readArguments('LinearWithWarmupScheduler', args, table, path);
    const decaySteps = remaining('LinearWithWarmupScheduler', read, context, path);
    const peak = alpha_i * lr;
    const fall =
      decaySteps > 0 ? linear({ initValue: peak, endValue: alpha_f * lr, decaySteps }) : constant({ value: peak });
    return warmed('LinearWithWarmupScheduler', peak, read, fall, context, path);
  },

  CosineAnnealingWithWarmupScheduler: (args, { lr, ...context }, path) => {
    const table = { ...warming, ...until, alpha_f: [factor, 0] } as const;
    const { alpha_f, ...read } = readArguments('CosineAnnealingWithWarmupScheduler', args, table, path);
    const decaySteps = remaining('CosineAnnealingWithWarmupScheduler', read, context, path);
    const fall =
      decaySteps > 0 ? cosineDecay({ initValue: lr, endValue: alpha_f * lr, decaySteps }) : constant({ value: lr });
    return warmed('CosineAnnealingWithWarmupScheduler', lr, read, fall, context, path);
  },

  PolynomialWithWarmupScheduler: (args, { lr, ...context }, path) => {
    const table = { ...warming, power: [positiveFactor, 2], ...until, alpha_f: [factor, 0] } as const;
    const { power, alpha_f, ...read } = readArguments('PolynomialWithWarmupScheduler', args, table, path);
    const decaySteps = remaining('PolynomialWithWarmupScheduler', read, context, path);
    const fall = decaySteps > 0 ? polynomial(lr, alpha_f * lr, decaySteps, power) : constant({ value: lr });
    return warmed('PolynomialWithWarmupScheduler', lr, read, fall, context, path);
  },
};

type Timing = Omit<Context, 'lr'>;

function polynomial(initValue: number, endValue: number, decaySteps: number, power: number): DescribedSchedule {
  const way = { initValue, endValue, decaySteps };
  return power === 1 ? linear(way) : polynomialDecay({ ...way, power });
}

/** A time in batches, by which Composer divides. */
function lengthOf(name: string, parameter: string, length: Time, { clock, ratio }: Timing, path: string): number {
  const batches = clock.batches(length, ratio);
  if (batches > 0) return batches;
  throw refuse('invalid', name, parameter, 'at least one batch', length.text, path);
}

const boundariesOf = (milestones: readonly Time[], { clock, ratio }: Timing): readonly number[] =>
  milestones.map((milestone) => clock.batches(milestone, ratio)).sort((a, b) => a - b);

interface Ending {
  readonly t_warmup: Time;
  readonly t_max: Time;
}

/** Batches from the end of the warm-up to t_max, which may not come before the run's end. */
function remaining(name: string, { t_warmup, t_max }: Ending, { clock, ratio }: Timing, path: string): number {
  if (clock.batches(t_max) < clock.total()) {
    throw refuse(
      'contradiction',
      name,
      't_max',
      `at least the run's length (${clock.total()} batches)`,
      t_max.text,
      path,
    );
  }
  return clock.batches(t_max, ratio) - clock.batches(t_warmup);
}

interface Warming {
  readonly t_warmup: Time;
  readonly scale_warmup: boolean;
}

/**
 * A straight line from 0, then the schedule. With scale_warmup only the line is scaled, not the batch at which it
 * ends: a ratio below 1 holds its end, one above 1 breaks it off.
 */
function warmed(
  name: string,
  peak: number,
  { t_warmup, scale_warmup }: Warming,
  schedule: DescribedSchedule,
  { clock, ratio }: Timing,
  path: string,
): DescribedSchedule {
  const warm = clock.batches(t_warmup);
  if (warm === 0) return schedule;
  const decaySteps = clock.batches(t_warmup, scale_warmup ? ratio : 1);
  if (decaySteps === 0)
    throw refuse('invalid', name, 't_warmup', 'at least one batch when scaled', t_warmup.text, path);
  const line = linear({ initValue: 0, endValue: peak, decaySteps });
  return sequence({ schedules: [line, schedule], boundaries: [warm] });
}
