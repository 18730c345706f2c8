import {
  clamp,
  constant,
  interpolate,
  inverseSqrtDecay,
  linear,
  polynomialDecay,
  stepDecay,
  triStage,
  warmRestarts,
  warmup,
  type DescribedSchedule,
} from '@anneal/core';
import { count, factor, flag, fraction, integer, list, positiveFactor, rate, real } from '@anneal/core/kinds';
import { lengthening } from '../lengthening.ts';
import { readArguments, refuse } from '../readArguments.ts';
import { risen } from '../risen.ts';
import { ungiven } from '../ungiven.ts';

/** Turns the options of one scheduler of fairseq into a schedule; `lr` is its optimization.lr. */
type Translation = (args: unknown, lr: number, path: string) => DescribedSchedule;

const warming = { warmup_updates: [count, 0], warmup_init_lr: [real, -1] } as const;

/** The schedulers of fairseq that are functions of the update. */
export const translations: Readonly<Record<string, Translation>> = {
  cosine: (args, lr, path) => {
    const table = {
      ...warming,
      min_lr: [rate, 0],
      t_mult: [lengthening('fairseq takes the logarithm of a negative number from some update on'), 1],
      lr_period_updates: [real, -1],
      lr_shrink: [factor, 0.1],
      max_update: [count, 0],
    } as const;
    const { min_lr, warmup_updates, warmup_init_lr, ...rest } = readArguments('cosine', args, table, path);
    above('cosine', 'min_lr', min_lr, lr, path);
    const period = rest.lr_period_updates > 0 ? rest.lr_period_updates : rest.max_update - warmup_updates;
    if (!(period > 0)) {
      throw refuse(
        'required',
        'cosine',
        'lr_period_updates',
        '> 0, or max_update > warmup_updates',
        rest.max_update,
        path,
      );
    }
    const waves = warmRestarts({
      initValue: lr,
      endValue: min_lr,
      cycleSteps: period,
      cycleFactor: rest.t_mult,
      decayFactor: rest.lr_shrink,
      decays: 'all',
    });
    return risen(warmup_init_lr < 0 ? min_lr : warmup_init_lr, lr, warmup_updates, waves);
  },

  fixed: (args, lr, path) => {
    const table = { force_anneal: ungiven(null), lr_shrink: [factor, 0.1], warmup_updates: [count, 0] } as const;
    const { warmup_updates: warmupSteps } = readArguments('fixed', args, table, path);
    if (warmupSteps < 2) return constant({ value: lr });
    return warmup({ warmupSteps, schedule: lr, reach: 'last', startFactor: 1 / warmupSteps });
  },

  inverse_sqrt: (args, lr, path) => {
    const table = { warmup_updates: [integer, 4000], warmup_init_lr: [real, -1] } as const;
    const { warmup_updates, warmup_init_lr } = readArguments('inverse_sqrt', args, table, path);
    const fall = inverseSqrtDecay({ initValue: lr, timescaleSteps: warmup_updates });
    return risen(Math.max(0, warmup_init_lr), lr, warmup_updates, fall);
  },

  polynomial_decay: (args, lr, path) => {
    const table = {
      warmup_updates: [count, 0],
      force_anneal: ungiven(null),
      end_learning_rate: [rate, 0],
      power: [positiveFactor, 1],
      total_num_update: integer,
    } as const;
    const { warmup_updates, end_learning_rate, power, ...rest } = readArguments('polynomial_decay', args, table, path);
    const decaySteps = rest.total_num_update - warmup_updates;
    if (decaySteps <= 0) {
      const rule = `> warmup_updates (${warmup_updates})`;
      throw refuse('contradiction', 'polynomial_decay', 'total_num_update', rule, rest.total_num_update, path);
    }
    const way = { initValue: lr, endValue: end_learning_rate, decaySteps };
    return risen(0, lr, warmup_updates, power === 1 ? linear(way) : polynomialDecay({ ...way, power }));
  },

  step: (args, lr, path) => {
    const table = {
      ...warming,
      min_lr: [rate, 0],
      lr_deacy_period: [integer, 25000],
      lr_decay: [fraction, 0.5],
    } as const;
    const read = readArguments('step', args, table, path);
    above('step', 'min_lr', read.min_lr, lr, path);
    const stairs = stepDecay({ initValue: lr, dropFactor: read.lr_decay, dropSteps: read.lr_deacy_period });
    const schedule = read.min_lr === 0 ? stairs : clamp({ schedule: stairs, minValue: read.min_lr });
    return risen(read.warmup_init_lr < 0 ? read.min_lr : read.warmup_init_lr, lr, read.warmup_updates, schedule);
  },

  tri_stage: (args, lr, path) => {
    const table = {
      warmup_steps: [count, 0],
      hold_steps: [count, 0],
      decay_steps: [count, 0],
      phase_ratio: [list(fraction, 3), null],
      init_lr_scale: [fraction, 0.01],
      final_lr_scale: [fraction, 0.01],
      max_update: [count, null],
    } as const;
    const read = readArguments('tri_stage', args, table, path);
    const { phase_ratio: ratio, final_lr_scale: endFactor } = read;
    if (endFactor === 0) throw refuse('invalid', 'tri_stage', 'final_lr_scale', 'a number in (0, 1]', 0, path);
    if (ratio !== null && (ratio.length !== 3 || ratio.reduce((a, b) => a + b) !== 1 || read.max_update === null)) {
      throw refuse(
        'invalid',
        'tri_stage',
        'phase_ratio',
        'three shares that add up to 1, of a max_update',
        ratio,
        path,
      );
    }
    const lengths = [read.warmup_steps, read.hold_steps, read.decay_steps];
    const [warmupSteps, holdSteps, decaySteps] = ratio?.map((share) => Math.trunc(share * read.max_update!)) ?? lengths;
    if (decaySteps === 0) throw refuse('invalid', 'tri_stage', 'decay_steps', 'an integer >= 1', decaySteps, path);
    return triStage({
      peakValue: lr,
      warmupSteps: warmupSteps!,
      holdSteps: holdSteps!,
      decaySteps: decaySteps!,
      startFactor: read.init_lr_scale,
      endFactor,
    });
  },

  triangular: (args, lr, path) => {
    const table = {
      max_lr: rate,
      lr_period_updates: [integer, 5000],
      lr_shrink: [factor, 0.1],
      shrink_min: [flag, false],
    } as const;
    const { max_lr, lr_period_updates, lr_shrink, shrink_min } = readArguments('triangular', args, table, path);
    above('triangular', 'max_lr', lr, max_lr, path);
    const half = Math.floor(lr_period_updates / 2);
    if (half === 0)
      throw refuse('invalid', 'triangular', 'lr_period_updates', 'an integer >= 2', lr_period_updates, path);
    return warmRestarts({
      initValue: max_lr,
      endValue: lr,
      cycleSteps: 2 * half,
      decayFactor: lr_shrink,
      decays: shrink_min ? 'all' : 'peak',
      schedule: interpolate({ knots: [0, half, 2 * half], values: [0, 1, 0] }),
    });
  },
};

function above(name: string, parameter: string, low: number, high: number, path: string): void {
  if (low < high) return;
  const [rule, received] = parameter === 'min_lr' ? [`< lr (${high})`, low] : [`> lr (${low})`, high];
  throw refuse('contradiction', name, parameter, rule, received, path);
}
