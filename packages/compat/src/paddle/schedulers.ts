import {
  constant,
  cosineDecay,
  cyclic,
  exponentialDecay,
  hold,
  inverseTimeDecay,
  linear,
  multiStepDecay,
  naturalExponentialDecay,
  noam,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  sequence,
  stepDecay,
  warmRestarts,
  type DescribedSchedule,
} from '@anneal/core';
import {
  choice,
  factor,
  flag,
  fraction,
  integer,
  list,
  positiveFactor,
  properFraction,
  rate,
  real,
  steps,
  stepsOrZero,
} from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { risen } from '../risen.ts';
import { ungiven } from '../ungiven.ts';
import { rateOrScheduler } from './kinds.ts';

/** Turns the arguments of one class of paddle.optimizer.lr into the schedule of ours with the same values. */
type Translation = (args: unknown, path: string, readNested: ReadNested) => DescribedSchedule;

/** Reads a scheduler that stands inside another. */
export type ReadNested = (description: unknown, path: string) => DescribedSchedule;

/** Arguments of every class that change no value. */
const common = { last_epoch: ungiven(-1), verbose: [flag, false] } as const;
const based = { learning_rate: rate, ...common } as const;

/** Every class of paddle.optimizer.lr but those that take a function, and ReduceOnPlateau. */
export const translations: Readonly<Record<string, Translation>> = {
  NoamDecay: (args, path) => {
    const table = { d_model: positiveFactor, warmup_steps: steps, learning_rate: [rate, 1], ...common } as const;
    const { d_model, warmup_steps, learning_rate } = readArguments('NoamDecay', args, table, path);
    // Paddle's step 0 is the formula's 0, which gives a rate of 0; the step after it is our first.
    const later = noam({ modelSize: d_model, warmupSteps: warmup_steps, scaleFactor: learning_rate });
    return sequence({ schedules: [0, later], boundaries: [1] });
  },

  PiecewiseDecay: (args, path) => {
    const table = { boundaries: list(stepsOrZero), values: list(rate), ...common };
    const { boundaries, values } = readArguments('PiecewiseDecay', args, table, path);
    if (values.length <= boundaries.length) {
      const rule = `more than the ${boundaries.length} boundaries`;
      throw refuse('contradiction', 'PiecewiseDecay', 'values', rule, values, path);
    }
    // After the last boundary Paddle takes the last value, however many stand between.
    const used = [...values.slice(0, boundaries.length), values.at(-1)!];
    // Paddle takes the first boundary that is still to come: one that falls back is never it.
    const reached = boundaries.map((_, i) => Math.max(...boundaries.slice(0, i + 1)));
    return piecewiseConstant({ boundaries: reached, values: used });
  },

  NaturalExpDecay: (args, path) => {
    const { learning_rate, gamma } = readArguments('NaturalExpDecay', args, { ...based, gamma: positiveFactor }, path);
    return naturalExponentialDecay({ initValue: learning_rate, decayRate: gamma });
  },

  InverseTimeDecay: (args, path) => {
    const { learning_rate, gamma } = readArguments('InverseTimeDecay', args, { ...based, gamma: factor }, path);
    return inverseTimeDecay({ initValue: learning_rate, decayRate: gamma });
  },

  PolynomialDecay: (args, path) => {
    const table = {
      ...based,
      decay_steps: integer,
      end_lr: [rate, 1e-4],
      power: [positiveFactor, 1],
      cycle: [flag, false],
    } as const;
    const { learning_rate, decay_steps, end_lr, power, cycle } = readArguments('PolynomialDecay', args, table, path);
    const way = { initValue: learning_rate, endValue: end_lr, decaySteps: decay_steps };
    return power === 1 && !cycle ? linear(way) : polynomialDecay({ ...way, power, pastEnd: cycle ? 'cycle' : 'hold' });
  },

  LinearWarmup: (args, path, readNested) => {
    const table = { learning_rate: rateOrScheduler, warmup_steps: integer, start_lr: rate, end_lr: rate, ...common };
    const { learning_rate, warmup_steps, start_lr, end_lr } = readArguments('LinearWarmup', args, table, path);
    if (end_lr <= start_lr) throw refuse('contradiction', 'LinearWarmup', 'end_lr', '> start_lr', end_lr, path);
    const schedule =
      typeof learning_rate === 'number'
        ? constant({ value: learning_rate })
        : readNested(learning_rate, `${path}/learning_rate`);
    return risen(start_lr, end_lr, warmup_steps, schedule);
  },

  ExponentialDecay: (args, path) => {
    const { learning_rate, gamma } = readArguments('ExponentialDecay', args, { ...based, gamma: properFraction }, path);
    if (gamma === 0) throw refuse('invalid', 'ExponentialDecay', 'gamma', 'a number in (0, 1)', gamma, path);
    return exponentialDecay({ initValue: learning_rate, gamma });
  },

  MultiStepDecay: (args, path) => {
    const table = { ...based, milestones: list(stepsOrZero, 0), gamma: [properFraction, 0.1] } as const;
    const { learning_rate, milestones, gamma } = readArguments('MultiStepDecay', args, table, path);
    if (milestones.length === 0) return constant({ value: learning_rate });
    const boundaries = rising('MultiStepDecay', 'milestones', milestones, path);
    return multiStepDecay({ initValue: learning_rate, boundaries, dropFactor: gamma });
  },

  StepDecay: (args, path) => {
    const table = { ...based, step_size: integer, gamma: [properFraction, 0.1] } as const;
    const { learning_rate, step_size, gamma } = readArguments('StepDecay', args, table, path);
    return stepDecay({ initValue: learning_rate, dropSteps: step_size, dropFactor: gamma });
  },

  CosineAnnealingDecay: (args, path) => {
    const table = { ...based, T_max: integer, eta_min: [rate, 0] } as const;
    const { learning_rate, T_max, eta_min } = readArguments('CosineAnnealingDecay', args, table, path);
    return cosineDecay({ initValue: learning_rate, endValue: eta_min, decaySteps: T_max, pastEnd: 'continue' });
  },

  CosineAnnealingWarmRestarts: (args, path) => {
    const table = { ...based, T_0: integer, T_mult: [integer, 1], eta_min: [rate, 0] } as const;
    const { learning_rate, T_0, T_mult, eta_min } = readArguments('CosineAnnealingWarmRestarts', args, table, path);
    return warmRestarts({ initValue: learning_rate, endValue: eta_min, cycleSteps: T_0, cycleFactor: T_mult });
  },

  LinearLR: (args, path) => {
    const table = {
      ...based,
      total_steps: steps,
      start_factor: [fraction, 1 / 3],
      end_factor: [fraction, 1],
    } as const;
    const { learning_rate, total_steps, start_factor, end_factor } = readArguments('LinearLR', args, table, path);
    if (start_factor === 0) throw refuse('invalid', 'LinearLR', 'start_factor', 'a number in (0, 1]', 0, path);
    const ends = { initValue: learning_rate * start_factor, endValue: learning_rate * end_factor };
    const way = linear({ ...ends, decaySteps: total_steps });
    // A line of a fraction of steps stops at its last whole one.
    return Number.isInteger(total_steps) ? way : hold({ schedule: way, fromSteps: Math.floor(total_steps) });
  },

  CyclicLR: (args, path) => {
    const table = {
      base_learning_rate: rate,
      max_learning_rate: rate,
      step_size_up: integer,
      step_size_down: [integer, null],
      mode: [choice('triangular', 'triangular2', 'exp_range'), 'triangular'],
      exp_gamma: [real, 1],
      scale_fn: ungiven(null),
      scale_mode: [choice('cycle', 'iterations'), 'cycle'],
      ...common,
    } as const;
    const { base_learning_rate, max_learning_rate, mode, ...rest } = readArguments('CyclicLR', args, table, path);
    const gamma = mode === 'exp_range' ? rest.exp_gamma : 1;
    if (gamma < 0) throw refuse('invalid', 'CyclicLR', 'exp_gamma', 'a number >= 0', gamma, path);
    if (gamma > 1 && max_learning_rate < base_learning_rate) {
      const rule = 'at most 1 where max_learning_rate is the lower one: it would fall below 0';
      throw refuse('contradiction', 'CyclicLR', 'exp_gamma', rule, gamma, path);
    }
    return cyclic({
      initValue: base_learning_rate,
      peakValue: max_learning_rate,
      upSteps: rest.step_size_up,
      downSteps: rest.step_size_down ?? rest.step_size_up,
      cycleFactor: mode === 'triangular2' ? 0.5 : 1,
      gamma,
    });
  },

  OneCycleLR: (args, path) => {
    const table = {
      max_learning_rate: rate,
      total_steps: integer,
      divide_factor: [positiveFactor, 25],
      end_learning_rate: [rate, 1e-4],
      phase_pct: [fraction, 0.3],
      anneal_strategy: [choice('cos', 'linear'), 'cos'],
      three_phase: [flag, false],
      ...common,
    } as const;
    const { max_learning_rate, total_steps, phase_pct, three_phase, ...rest } = readArguments(
      'OneCycleLR',
      args,
      table,
      path,
    );
    if (phase_pct * total_steps === 1) {
      const rule = `other than 1/${total_steps}: the rise would take 0 steps, by which Paddle divides`;
      throw refuse('contradiction', 'OneCycleLR', 'phase_pct', rule, phase_pct, path);
    }
    if (three_phase && phase_pct >= 0.5) {
      throw refuse('contradiction', 'OneCycleLR', 'phase_pct', 'below 0.5 with three_phase', phase_pct, path);
    }
    return oneCycle({
      initValue: max_learning_rate / rest.divide_factor,
      peakValue: max_learning_rate,
      endValue: rest.end_learning_rate,
      totalSteps: total_steps,
      peakFraction: phase_pct,
      shape: rest.anneal_strategy === 'cos' ? 'cosine' : 'linear',
      threePhase: three_phase,
      pastEnd: 'continue',
    });
  },
};

function rising(name: string, parameter: string, given: readonly number[], path: string): readonly number[] {
  if (given.every((step, i) => i === 0 || step > given[i - 1]!)) return given;
  throw refuse('invalid', name, parameter, 'in rising order', given, path);
}
