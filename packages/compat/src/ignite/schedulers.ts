import { cosineDecay, interpolate, linear, sequence, warmRestarts, type DescribedSchedule } from '@anneal/core';
import { count, factor, flag, integer, list, rate } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { milestones, description } from './kinds.ts';

/** What a translation may ask for: the optimizer's rate, and the reading of a scheduler inside. */
export interface Context {
  readonly lr: () => number;
  readonly nested: (description: unknown, path: string) => DescribedSchedule;
}

type Translation = (args: unknown, context: Context, path: string) => DescribedSchedule;

/** The parameter schedulers of ignite that do not wrap one of PyTorch. */
export const translations: Readonly<Record<string, Translation>> = {
  LinearCyclicalScheduler: (args, _, path) => {
    const read = readArguments('LinearCyclicalScheduler', args, { ...cyclical, monotonic: [flag, false] }, path);
    const { cycle_size: size, monotonic, warmup_duration } = read;
    if (warmup_duration > 0 && !monotonic) {
      throw refuse(
        'contradiction',
        'LinearCyclicalScheduler',
        'monotonic',
        'true with warmup_duration',
        monotonic,
        path,
      );
    }
    const line: Curve = (initValue, endValue) => linear({ initValue, endValue, decaySteps: size });
    const triangle: Curve = (start, end) => interpolate({ knots: [0, size / 2, size], values: [start, end, start] });
    return cycles('LinearCyclicalScheduler', read, monotonic ? line : triangle, path);
  },

  CosineAnnealingScheduler: (args, _, path) => {
    const read = readArguments('CosineAnnealingScheduler', args, cyclical, path);
    const wave: Curve = (initValue, endValue) => cosineDecay({ initValue, endValue, decaySteps: read.cycle_size });
    return cycles('CosineAnnealingScheduler', read, wave, path);
  },

  PiecewiseLinear: (args, _, path) => {
    const { milestones_values: pairs } = readArguments(
      'PiecewiseLinear',
      args,
      { milestones_values: milestones },
      path,
    );
    return interpolate({ knots: pairs.map(([step]) => step), values: pairs.map(([, value]) => value) });
  },

  ConcatScheduler: (args, { nested }, path) => {
    const table = { schedulers: list(description, 2), durations: list(integer) };
    const { schedulers, durations } = readArguments('ConcatScheduler', args, table, path);
    if (durations.length !== schedulers.length - 1) {
      const rule = `one fewer than the ${schedulers.length} schedulers`;
      throw refuse('contradiction', 'ConcatScheduler', 'durations', rule, durations, path);
    }
    const boundaries: number[] = [];
    for (const duration of durations) boundaries.push((boundaries.at(-1) ?? 0) + duration);
    return sequence({ schedules: schedulers.map((part, i) => nested(part, `${path}/schedulers/${i}`)), boundaries });
  },

  create_lr_scheduler_with_warmup: (args, { lr, nested }, path) => {
    const table = {
      lr_scheduler: description,
      warmup_start_value: rate,
      warmup_duration: integer,
      warmup_end_value: [rate, null],
    } as const;
    const read = readArguments('create_lr_scheduler_with_warmup', args, table, path);
    const { warmup_start_value: start, warmup_duration: duration } = read;
    if (duration < 2) {
      throw refuse('invalid', 'create_lr_scheduler_with_warmup', 'warmup_duration', 'an integer >= 2', duration, path);
    }
    const schedule = nested(read.lr_scheduler, `${path}/lr_scheduler`);
    const end = read.warmup_end_value ?? lr();
    // Where the scheduler begins at the end value, ignite takes the last step of the warm-up away.
    const steps = schedule(0) === end ? duration - 1 : duration;
    const last = start + ((end - start) / (duration - 1)) * (steps - 1);
    const rise = interpolate({
      knots: steps === 1 ? [0] : [0, steps - 1],
      values: steps === 1 ? [start] : [start, last],
    });
    return sequence({ schedules: [rise, schedule], boundaries: [steps] });
  },
};

const cyclical = {
  start_value: rate,
  end_value: rate,
  cycle_size: integer,
  cycle_mult: [factor, 1],
  start_value_mult: [factor, 1],
  end_value_mult: [factor, 1],
  warmup_duration: [count, 0],
} as const;

interface Cyclical {
  readonly start_value: number;
  readonly end_value: number;
  readonly cycle_size: number;
  readonly cycle_mult: number;
  readonly start_value_mult: number;
  readonly end_value_mult: number;
  readonly warmup_duration: number;
}

/** The way of one cycle between two values, of which it is at the first when it begins. */
type Curve = (start: number, end: number) => DescribedSchedule;

/** Cycle after cycle along a curve, each time followed by a straight way back where there is a warm-up. */
function cycles(name: string, cycle: Cyclical, curve: Curve, path: string): DescribedSchedule {
  const { start_value: start, end_value: end, cycle_size: size, warmup_duration: back } = cycle;
  const { start_value_mult: startFactor, end_value_mult: endFactor, cycle_mult: cycleFactor } = cycle;
  const refused = (parameter: keyof Cyclical, rule: string): Error =>
    refuse('invalid', name, parameter, rule, cycle[parameter], path);
  if (size < 2) throw refused('cycle_size', 'an integer >= 2');
  if (!(Number.isInteger(cycleFactor) && cycleFactor >= 1)) {
    throw refused('cycle_mult', 'an integer >= 1: others round each cycle down');
  }
  if (startFactor !== 1 && endFactor !== 1 && endFactor !== startFactor) {
    throw refused('end_value_mult', '1, or the same as start_value_mult');
  }
  if (back > 0 && (endFactor !== 1 || startFactor !== 1)) throw refused('warmup_duration', '0 with start_value_mult');
  const unit = (from: number, to: number): DescribedSchedule => {
    const rise = linear({ initValue: to, endValue: from, decaySteps: Math.max(1, back) });
    return back === 0 ? curve(from, to) : sequence({ schedules: [curve(from, to), rise], boundaries: [size] });
  };
  const lengths = { cycleSteps: size + back, cycleFactor };
  // The value that is multiplied, alone or with the other, is the one that the curve is at where it is 1.
  return startFactor === 1 && endFactor !== 1
    ? warmRestarts({
        ...lengths,
        initValue: end,
        endValue: start,
        decayFactor: endFactor,
        decays: 'peak',
        schedule: unit(0, 1),
      })
    : warmRestarts({
        ...lengths,
        initValue: start,
        endValue: end,
        decayFactor: startFactor,
        decays: endFactor === startFactor ? 'all' : 'peak',
        schedule: unit(1, 0),
      });
}
