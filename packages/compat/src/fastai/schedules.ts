import { interpolate, sweep, warmRestarts, type DescribedSchedule, type Plan } from '@anneal/core';
import { fraction, integer, list, positiveFactor, rate, steps } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';

/** What a translation may ask for: the steps of an epoch, and what the momentum of the optimizer is called. */
export interface Context {
  readonly stepsPerEpoch: () => number;
  readonly momentum: 'beta1' | 'momentum';
}

/** Turns the arguments of one method of fastai's Learner into a plan. */
type Translation = (args: unknown, context: Context, path: string) => Plan;

/** The methods of fastai's Learner that train on a schedule. */
export const translations: Readonly<Record<string, Translation>> = {
  fit_one_cycle: (args, { stepsPerEpoch, momentum }, path) => {
    const table = {
      n_epoch: integer,
      lr_max: rate,
      div: [positiveFactor, 25],
      div_final: [positiveFactor, 1e5],
      pct_start: [fraction, 0.25],
      moms: [list(rate, 3), [0.95, 0.85, 0.95]],
    } as const;
    const {
      n_epoch,
      lr_max: peak,
      div,
      div_final,
      pct_start,
      moms,
    } = readArguments('fit_one_cycle', args, table, path);
    if (moms.length !== 3) throw refuse('invalid', 'fit_one_cycle', 'moms', 'three numbers >= 0', moms, path);
    const total = n_epoch * stepsPerEpoch();
    const course = (values: readonly number[]): DescribedSchedule =>
      interpolate({ knots: [0, pct_start * total, total], values, shape: 'cosine' });
    return { learningRate: course([peak / div, peak, peak / div_final]), [momentum]: course(moms) };
  },

  fit_flat_cos: (args, { stepsPerEpoch }, path) => {
    const table = {
      n_epoch: integer,
      lr: rate,
      div_final: [positiveFactor, 1e5],
      pct_start: [fraction, 0.75],
    } as const;
    const { n_epoch, lr, div_final, pct_start } = readArguments('fit_flat_cos', args, table, path);
    const total = n_epoch * stepsPerEpoch();
    const knots = [pct_start * total, total];
    return { learningRate: interpolate({ knots, values: [lr, lr / div_final], shape: 'cosine' }) };
  },

  fit_sgdr: (args, { stepsPerEpoch }, path) => {
    const table = { n_cycles: integer, cycle_len: integer, lr_max: rate, cycle_mult: [integer, 2] } as const;
    const { n_cycles, cycle_len, lr_max, cycle_mult } = readArguments('fit_sgdr', args, table, path);
    if (cycle_mult === 1) {
      throw refuse('invalid', 'fit_sgdr', 'cycle_mult', 'an integer >= 2: fastai divides by what is above 1', 1, path);
    }
    return {
      learningRate: warmRestarts({
        initValue: lr_max,
        cycleSteps: cycle_len * stepsPerEpoch(),
        cycleFactor: cycle_mult,
        cycleLimit: n_cycles,
      }),
    };
  },

  lr_find: (args, _, path) => {
    const table = { start_lr: [positiveFactor, 1e-7], end_lr: [positiveFactor, 10], num_it: [steps, 100] } as const;
    const { start_lr, end_lr, num_it } = readArguments('lr_find', args, table, path);
    return { learningRate: sweep({ initValue: start_lr, endValue: end_lr, sweepSteps: num_it }) };
  },
};
