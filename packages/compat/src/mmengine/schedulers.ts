import {
  constant,
  cosineDecay,
  hold,
  linear,
  multiStepDecay,
  oneCycle,
  polynomialDecay,
  reduceOnPlateau,
  sequence,
  stepDecay,
  type DescribedSchedule,
  type Track,
} from '@anneal/core';
import {
  choice,
  count,
  factor,
  flag,
  fraction,
  integer,
  list,
  positiveFactor,
  properFraction,
  rate,
  steps,
  stepsOrZero,
  text,
} from '@anneal/core/kinds';
import { firstWhole } from '../firstWhole.ts';
import { geometric } from '../geometric.ts';
import { readArguments, refuse } from '../readArguments.ts';

/** Turns the arguments of one class of mmengine.optim.scheduler into a schedule; `lr` is the optimizer's rate. */
type Translation = (args: unknown, lr: number, path: string) => DescribedSchedule;

/** mmengine's end where none is given. */
const forever = 1_000_000_000;
const common = { begin: [count, 0], end: [integer, forever], by_epoch: [flag, true], verbose: [flag, false] } as const;

/** The classes of mmengine.optim.scheduler for the learning rate. */
export const translations: Readonly<Record<string, Translation>> = {
  ConstantLR: (args, lr, path) => {
    const read = readArguments('ConstantLR', args, { factor: [fraction, 1 / 3], ...common }, path);
    const length = lengthOf('ConstantLR', read, path);
    if (read.factor === 0 && read.end !== forever && length > 1)
      throw refuse('invalid', 'ConstantLR', 'factor', '> 0, as mmengine divides by it at the end', 0, path);
    const low = constant({ value: lr * read.factor });
    if (read.end === forever || length === 1) return windowed(low, read, lr);
    return windowed(sequence({ schedules: [low, lr], boundaries: [length - 1] }), read, lr);
  },

  LinearLR: (args, lr, path) => {
    const table = { start_factor: [fraction, 1 / 3], end_factor: [fraction, 1], ...common } as const;
    const read = readArguments('LinearLR', args, table, path);
    const length = lengthOf('LinearLR', read, path);
    if (read.start_factor === 0) throw refuse('invalid', 'LinearLR', 'start_factor', 'a number in (0, 1]', 0, path);
    const ends = { initValue: lr * read.start_factor, endValue: lr * read.end_factor };
    const way = length === 1 ? constant({ value: ends.initValue }) : linear({ ...ends, decaySteps: length - 1 });
    return windowed(way, read, lr);
  },

  PolyLR: (args, lr, path) => {
    const table = { eta_min: [rate, 0], power: [factor, 1], ...common } as const;
    const read = readArguments('PolyLR', args, table, path);
    const length = lengthOf('PolyLR', read, path);
    if (length === 1 || read.power === 0) return constant({ value: lr });
    const way = { initValue: lr, endValue: read.eta_min, decaySteps: length - 1 };
    return windowed(read.power === 1 ? linear(way) : polynomialDecay({ ...way, power: read.power }), read, lr);
  },

  CosineAnnealingLR: (args, lr, path) => {
    const table = {
      T_max: [stepsOrZero, null],
      eta_min: [rate, null],
      eta_min_ratio: [factor, null],
      ...common,
    } as const;
    const read = readArguments('CosineAnnealingLR', args, table, path);
    const length = lengthOf('CosineAnnealingLR', read, path);
    const endValue = floorOf('CosineAnnealingLR', read, lr, path) ?? 0;
    // A T_max of 0 counts as none.
    const wave = { initValue: lr, endValue, decaySteps: read.T_max || length };
    return windowed(cosineDecay({ ...wave, pastEnd: 'continue' }), read, lr);
  },

  CosineRestartLR: (args, lr, path) => {
    const table = {
      periods: list(integer),
      restart_weights: [list(factor), [1]],
      eta_min: [rate, null],
      eta_min_ratio: [factor, null],
      ...common,
    } as const;
    const read = readArguments('CosineRestartLR', args, table, path);
    lengthOf('CosineRestartLR', read, path);
    const { periods, restart_weights: weights } = read;
    const endValue = floorOf('CosineRestartLR', read, lr, path);
    if (endValue === undefined) {
      throw refuse(
        'required',
        'CosineRestartLR',
        'eta_min',
        'a number >= 0, or eta_min_ratio in its place',
        null,
        path,
      );
    }
    if (weights.length !== periods.length) {
      const rule = `one for each of the ${periods.length} periods`;
      throw refuse('contradiction', 'CosineRestartLR', 'restart_weights', rule, weights, path);
    }
    // After the last period mmengine keeps the value of its last step.
    const waves = periods.map((decaySteps, i) => cosineDecay({ initValue: lr * weights[i]!, endValue, decaySteps }));
    const ends: number[] = [];
    for (const period of periods) ends.push((ends.at(-1) ?? 0) + period);
    const all = waves.length === 1 ? waves[0]! : sequence({ schedules: waves, boundaries: ends.slice(0, -1) });
    return windowed(hold({ schedule: all, fromSteps: ends.at(-1)! - 1 }), read, lr);
  },

  ExponentialLR: (args, lr, path) => {
    const read = readArguments('ExponentialLR', args, { gamma: factor, ...common }, path);
    lengthOf('ExponentialLR', read, path);
    return windowed(geometric(lr, read.gamma), read, lr);
  },

  StepLR: (args, lr, path) => {
    const read = readArguments('StepLR', args, { step_size: steps, gamma: [factor, 0.1], ...common }, path);
    lengthOf('StepLR', read, path);
    return windowed(
      stepDecay({ initValue: lr, dropFactor: read.gamma, dropSteps: firstWhole(read.step_size) }),
      read,
      lr,
    );
  },

  MultiStepLR: (args, lr, path) => {
    const table = { milestones: list(stepsOrZero, 0), gamma: [factor, 0.1], ...common } as const;
    const read = readArguments('MultiStepLR', args, table, path);
    lengthOf('MultiStepLR', read, path);
    // A fraction is no step and never comes.
    const boundaries = read.milestones.filter(Number.isInteger).sort((a, b) => a - b);
    if (boundaries.length === 0) return constant({ value: lr });
    return windowed(multiStepDecay({ initValue: lr, boundaries, dropFactor: read.gamma }), read, lr);
  },

  OneCycleLR: (args, lr, path) => {
    const table = {
      eta_max: rate,
      total_steps: [integer, null],
      pct_start: [fraction, 0.3],
      anneal_strategy: [choice('cos', 'linear'), 'cos'],
      div_factor: [positiveFactor, 25],
      final_div_factor: [positiveFactor, 1e4],
      three_phase: [flag, false],
      ...common,
    } as const;
    const read = readArguments('OneCycleLR', args, table, path);
    const initValue = read.eta_max / read.div_factor;
    const cycle = oneCycle({
      initValue,
      peakValue: read.eta_max,
      endValue: initValue / read.final_div_factor,
      totalSteps: read.total_steps ?? lengthOf('OneCycleLR', read, path),
      peakFraction: read.pct_start,
      shape: read.anneal_strategy === 'cos' ? 'cosine' : 'linear',
      threePhase: read.three_phase,
      pastEnd: 'continue',
    });
    return windowed(cycle, read, lr);
  },
};

/** mmengine's ReduceOnPlateauLR over a rate: PyTorch's with other names. */
export function readPlateau(args: unknown, lr: number, path: string): Track {
  const table = {
    monitor: [text, 'loss'],
    rule: [choice('less', 'greater'), 'less'],
    factor: [properFraction, 0.1],
    patience: [stepsOrZero, 10],
    threshold: [factor, 1e-4],
    threshold_rule: [choice('rel', 'abs'), 'rel'],
    cooldown: [stepsOrZero, 0],
    min_value: [rate, 0],
    eps: [rate, 1e-8],
    ...common,
  } as const;
  const read = readArguments('ReduceOnPlateauLR', args, table, path);
  lengthOf('ReduceOnPlateauLR', read, path);
  const use = reduceOnPlateau({
    // mmengine looks it up among the metrics of the validation.
    monitor: `val_${read.monitor}`,
    mode: read.rule === 'less' ? 'min' : 'max',
    reduceFactor: read.factor,
    patience: Math.floor(read.patience),
    threshold: read.threshold,
    thresholdMode: read.threshold_rule === 'rel' ? 'signedRelative' : 'absolute',
    cooldown: Math.ceil(read.cooldown),
    minValue: read.min_value,
    minChange: read.eps,
  });
  if (read.begin !== 0 || read.end !== forever) {
    throw refuse(
      'invalid',
      'ReduceOnPlateauLR',
      'begin',
      'left out, and end: it counts reports, a window steps',
      read.begin,
      path,
    );
  }
  return { schedule: lr, controllers: { plateau: { use } } };
}

interface Window {
  readonly begin: number;
  readonly end: number;
}

/** Before its window a scheduler leaves the optimizer's rate, after it the last value that it set. */
function windowed(schedule: DescribedSchedule, { begin, end }: Window, lr: number): DescribedSchedule {
  const kept = end === forever ? schedule : hold({ schedule, fromSteps: end - begin - 1 });
  return begin === 0 ? kept : sequence({ schedules: [lr, kept], boundaries: [begin] });
}

/** Steps in the window. */
function lengthOf(name: string, { begin, end }: Window, path: string): number {
  if (end > begin) return end - begin;
  throw refuse('contradiction', name, 'end', `> begin (${begin})`, end, path);
}

interface Floor {
  readonly eta_min: number | null;
  readonly eta_min_ratio: number | null;
}

/** The floor, absolute or as a share of the rate; undefined where neither is given. */
function floorOf(name: string, { eta_min, eta_min_ratio }: Floor, lr: number, path: string): number | undefined {
  if (eta_min !== null && eta_min_ratio !== null) {
    throw refuse('contradiction', name, 'eta_min_ratio', 'left out where eta_min is given', eta_min_ratio, path);
  }
  return eta_min ?? (eta_min_ratio === null ? undefined : lr * eta_min_ratio);
}
