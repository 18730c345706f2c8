import {
  constant,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linear,
  piecewiseConstant,
  polynomialDecay,
  quantize,
  shift,
  stepDecay,
  warmRestarts,
  type DescribedSchedule,
} from '@anneal/core';
import { factor, flag, list, rate, real, steps, stepsOrZero } from '@anneal/core/kinds';
import { lengthening } from '../lengthening.ts';
import { readArguments, refuse } from '../readArguments.ts';
import { risen } from '../risen.ts';
import { label } from './kinds.ts';

/** Turns the config of one class of keras.optimizers.schedules into the schedule of ours with the same values. */
type Translation = (name: string, config: unknown, path: string) => DescribedSchedule;

const decaying = { initial_learning_rate: rate, decay_steps: steps };

/** Every class of keras.optimizers.schedules. */
export const translations: Readonly<Record<string, Translation>> = {
  ExponentialDecay: (name, config, path) => {
    const table = { ...decaying, decay_rate: factor, staircase: [flag, false], name: label } as const;
    const {
      initial_learning_rate: initValue,
      decay_steps,
      decay_rate,
      staircase,
    } = readArguments(name, config, table, path);
    return staircase
      ? stepDecay({ initValue, dropFactor: decay_rate, dropSteps: decay_steps })
      : exponentialDecay({ initValue, gamma: decay_rate, decaySteps: decay_steps });
  },

  PiecewiseConstantDecay: (name, config, path) => {
    const table = { boundaries: list(stepsOrZero), values: list(rate), name: label };
    const { boundaries, values } = readArguments(name, config, table, path);
    if (values.length !== boundaries.length + 1) {
      const rule = `one more than the ${boundaries.length} boundaries`;
      throw refuse('contradiction', name, 'values', rule, values, path);
    }
    if (boundaries.some((boundary, i) => i > 0 && boundary < boundaries[i - 1]!)) {
      throw refuse('invalid', name, 'boundaries', 'in rising order', boundaries, path);
    }
    return piecewiseConstant({ boundaries, values, change: 'after' });
  },

  PolynomialDecay: (name, config, path) => {
    const table = {
      ...decaying,
      end_learning_rate: [rate, 1e-4],
      power: [factor, 1],
      cycle: [flag, false],
      name: label,
    } as const;
    const args = readArguments(name, config, table, path);
    const way = {
      initValue: args.initial_learning_rate,
      endValue: args.end_learning_rate,
      decaySteps: args.decay_steps,
    };
    // Keras takes 0 to the power of 0 for 1: the rate never falls.
    if (args.power === 0) return constant({ value: args.initial_learning_rate });
    if (args.power === 1 && !args.cycle) return linear(way);
    return polynomialDecay({ ...way, power: args.power, pastEnd: args.cycle ? 'cycle' : 'hold' });
  },

  InverseTimeDecay: (name, config, path) => {
    const table = { ...decaying, decay_rate: factor, staircase: [flag, false], name: label } as const;
    const args = readArguments(name, config, table, path);
    const schedule = inverseTimeDecay({
      initValue: args.initial_learning_rate,
      decayRate: args.decay_rate,
      decaySteps: args.decay_steps,
    });
    return args.staircase ? quantize({ schedule, everySteps: args.decay_steps }) : schedule;
  },

  CosineDecay: (name, config, path) => {
    const table = {
      ...decaying,
      alpha: [factor, 0],
      name: label,
      warmup_target: [rate, null],
      warmup_steps: [real, 0],
    } as const;
    const args = readArguments(name, config, table, path);
    const init = args.initial_learning_rate;
    // Keras looks at warmup_steps only where there is a warmup_target; the floor is a share of the peak.
    const peak = args.warmup_target ?? init;
    const wave = cosineDecay({ initValue: peak, endValue: args.alpha * peak, decaySteps: args.decay_steps });
    if (args.warmup_target === null) return wave;
    // A negative warm-up is over before the run begins, and so is as much of the wave.
    if (args.warmup_steps < 0) return shift({ schedule: wave, shiftSteps: args.warmup_steps });
    return risen(init, peak, args.warmup_steps, wave);
  },

  CosineDecayRestarts: (name, config, path) => {
    const table = {
      initial_learning_rate: rate,
      first_decay_steps: steps,
      t_mul: [lengthening('Keras takes the logarithm of a negative number from some step on'), 2],
      m_mul: [factor, 1],
      alpha: [factor, 0],
      name: label,
    } as const;
    const args = readArguments(name, config, table, path);
    if (args.first_decay_steps < 1)
      throw refuse(
        'invalid',
        name,
        'first_decay_steps',
        'at least 1: a cycle needs a step',
        args.first_decay_steps,
        path,
      );
    if (args.alpha > 1 && args.m_mul > 1)
      throw refuse(
        'contradiction',
        name,
        'm_mul',
        'at most 1 where alpha is above 1: the rate falls below 0',
        args.m_mul,
        path,
      );
    return warmRestarts({
      initValue: args.initial_learning_rate,
      endValue: args.alpha * args.initial_learning_rate,
      cycleSteps: args.first_decay_steps,
      cycleFactor: args.t_mul,
      decayFactor: args.m_mul,
    });
  },
};
