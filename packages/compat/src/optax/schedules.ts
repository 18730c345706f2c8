import { constant, cosineDecay, multiStepDecay, sequence, type DescribedSchedule } from '@anneal/core';
import { choice, factor, flag, positiveFactor, rate, real, steps, stepsOrZero } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import { risen } from '../risen.ts';
import { boundaries, records } from './kinds.ts';
import { exponential, interpolated, polynomial } from './parts.ts';

/** Turns the arguments of one function of optax.schedules into the schedule of ours with the same values. */
type Translation = (name: string, args: unknown, path: string) => DescribedSchedule;

const ends = { init_value: rate, end_value: rate };
const rise = { init_value: rate, peak_value: rate };
const timing = { transition_steps: real, transition_begin: [real, 0] } as const;
const decay = { decay_rate: factor, staircase: [flag, false], end_value: [rate, null] } as const;
const wave = { decay_steps: steps, exponent: [factor, 1] } as const;
const cycle = { transition_steps: steps, peak_value: rate, pct_start: [stepsOrZero, 0.3] } as const;
const divisors = { div_factor: [positiveFactor, 25], final_div_factor: [positiveFactor, 1e4] } as const;
const scaled = { init_value: rate, boundaries_and_scales: [boundaries, null] } as const;

/** Every function of optax.schedules but join_schedules, which holds others. */
export const translations: Readonly<Record<string, Translation>> = {
  constant_schedule: (name, args, path) => constant(readArguments(name, args, { value: rate }, path)),

  polynomial_schedule: (name, args, path) =>
    polynomial(readArguments(name, args, { ...ends, power: factor, ...timing }, path)),

  linear_schedule: (name, args, path) =>
    polynomial({ ...readArguments(name, args, { ...ends, ...timing }, path), power: 1 }),

  piecewise_constant_schedule: (name, args, path) => {
    const { init_value, boundaries_and_scales } = readArguments(name, args, scaled, path);
    const pairs = boundaries_and_scales ?? [];
    if (pairs.length === 0) return constant({ value: init_value });
    return multiStepDecay({
      initValue: init_value,
      boundaries: pairs.map(([step]) => step),
      factors: pairs.map(([, scale]) => scale),
    });
  },

  piecewise_interpolate_schedule: (name, args, path) => {
    const table = { interpolate_type: choice('linear', 'cosine'), ...scaled };
    const { interpolate_type, init_value, boundaries_and_scales } = readArguments(name, args, table, path);
    return interpolated(interpolate_type, init_value, boundaries_and_scales ?? []);
  },

  exponential_decay: (name, args, path) =>
    exponential(readArguments(name, args, { init_value: rate, ...timing, ...decay }, path)),

  cosine_decay_schedule: (name, args, path) => {
    const table = { init_value: rate, ...wave, alpha: [factor, 0] } as const;
    const { init_value: initValue, decay_steps, alpha, exponent } = readArguments(name, args, table, path);
    return halfWave(initValue, alpha * initValue, decay_steps, exponent);
  },

  linear_onecycle_schedule: (name, args, path) => {
    const table = { ...cycle, pct_final: [stepsOrZero, 0.85], ...divisors } as const;
    const { transition_steps: total, peak_value: peak, ...part } = readArguments(name, args, table, path);
    return interpolated('linear', peak / part.div_factor, [
      [Math.trunc(part.pct_start * total), part.div_factor],
      [Math.trunc(part.pct_final * total), 1 / part.div_factor],
      [total, 1 / part.final_div_factor],
    ]);
  },

  cosine_onecycle_schedule: (name, args, path) => {
    const table = { ...cycle, ...divisors };
    const { transition_steps: total, peak_value: peak, ...part } = readArguments(name, args, table, path);
    return interpolated('cosine', peak / part.div_factor, [
      [Math.trunc(part.pct_start * total), part.div_factor],
      [Math.trunc(total), 1 / (part.div_factor * part.final_div_factor)],
    ]);
  },

  warmup_constant_schedule: (name, args, path) => {
    const { init_value, peak_value, warmup_steps } = readArguments(name, args, { ...rise, warmup_steps: real }, path);
    const whole = { power: 1, transition_steps: warmup_steps, transition_begin: 0 };
    return polynomial({ init_value, end_value: peak_value, ...whole });
  },

  warmup_cosine_decay_schedule: warmupCosine,

  warmup_exponential_decay_schedule: (name, args, path) => {
    const table = { ...rise, warmup_steps: stepsOrZero, ...timing, ...decay };
    const { init_value, peak_value, warmup_steps, ...rest } = readArguments(name, args, table, path);
    return risen(init_value, peak_value, warmup_steps, exponential({ ...rest, init_value: peak_value }));
  },

  sgdr_schedule: (name, args, path) => {
    const { cosine_kwargs } = readArguments(name, args, { cosine_kwargs: records }, path);
    const schedules = cosine_kwargs.map((kwargs, i) => warmupCosine(name, kwargs, `${path}/cosine_kwargs/${i}`));
    const restarts: number[] = [];
    for (const { decay_steps } of cosine_kwargs) restarts.push((restarts.at(-1) ?? 0) + (decay_steps as number));
    return schedules.length === 1 ? schedules[0]! : sequence({ schedules, boundaries: restarts.slice(0, -1) });
  },
};

/** decay_steps counts the warm-up too. */
function warmupCosine(name: string, args: unknown, path: string): DescribedSchedule {
  const table = { ...rise, warmup_steps: stepsOrZero, ...wave, end_value: [rate, 0] } as const;
  const { init_value, peak_value, warmup_steps, decay_steps, end_value, exponent } = readArguments(
    name,
    args,
    table,
    path,
  );
  if (decay_steps <= warmup_steps) {
    throw refuse('contradiction', name, 'decay_steps', `a number > warmup_steps (${warmup_steps})`, decay_steps, path);
  }
  // optax keeps the end as a share of the peak, so a peak of 0 ends at 0 whatever end_value says.
  const endValue = peak_value === 0 ? 0 : end_value;
  const fall = halfWave(peak_value, endValue, decay_steps - warmup_steps, exponent);
  return risen(init_value, peak_value, warmup_steps, fall);
}

/** With an exponent of 0 the wave is 1 for ever, 0 to the power of 0 too. */
const halfWave = (initValue: number, endValue: number, decaySteps: number, power: number): DescribedSchedule =>
  power === 0 ? constant({ value: initValue }) : cosineDecay({ initValue, endValue, decaySteps, power });
