import { shift, type DescribedSchedule, type Kind } from '@anneal/core';
import { count, factor, flag, positiveFactor, rate, real, steps, stepsOrZero } from '@anneal/core/kinds';
import { refuse, type Arguments } from '../readArguments.ts';
import { risen } from '../risen.ts';
import { timmNoise, type NoiseRange } from './noise.ts';

/** Where noise is on: from one t to before another, or from a t for ever. */
const noiseRange: Kind<NoiseRange> = {
  kind: 'list',
  rule: 'a number, or a list of two: the first t with noise and the first without',
  read: (value) => {
    if (typeof value === 'number') return firstStep(value);
    const [from, until] = Array.isArray(value) && value.length === 2 ? value.map(firstStep) : [];
    return from === undefined || until === undefined ? undefined : [from, until];
  },
};

/** t is whole, so a range that begins between two of them begins at the later one; none comes before 0. */
const firstStep = (value: unknown): number | undefined => {
  const at = real.read(value);
  return at === undefined ? undefined : Math.max(0, Math.ceil(at));
};

type Optional<V> = readonly [kind: Kind<V>, initial: V];

/** The arguments of the warm-up, which every scheduler has. */
export const warmupArguments: { readonly warmup_t: Optional<number>; readonly warmup_lr_init: Optional<number> } = {
  warmup_t: [stepsOrZero, 0],
  warmup_lr_init: [rate, 0],
};

/** What stands in a description of a run from its start only. */
const fromStart: Kind<true> = {
  kind: 'flag',
  rule: 'true, a run from its start',
  read: (value) => (value === true ? true : undefined),
};

/** The arguments that say in what t is counted, and of noise. */
export const commonArguments: {
  readonly t_in_epochs: Optional<boolean>;
  readonly noise_range_t: readonly [kind: Kind<NoiseRange>, initial: null];
  readonly noise_pct: Optional<number>;
  readonly noise_std: Optional<number>;
  readonly noise_seed: Optional<number>;
  readonly initialize: Optional<true>;
} = {
  t_in_epochs: [flag, true],
  noise_range_t: [noiseRange, null],
  noise_pct: [real, 0.67],
  noise_std: [real, 1],
  noise_seed: [count, 42],
  initialize: [fromStart, true],
};

/** The arguments of cycles. */
export const cycleArguments: {
  readonly t_initial: Kind<number>;
  readonly lr_min: Optional<number>;
  readonly cycle_mul: Optional<number>;
  readonly cycle_decay: Optional<number>;
  readonly cycle_limit: Optional<number>;
} = {
  t_initial: steps,
  lr_min: [rate, 0],
  cycle_mul: [positiveFactor, 1],
  cycle_decay: [factor, 1],
  cycle_limit: [stepsOrZero, 1],
};

type Warmup = Arguments<typeof warmupArguments> & { readonly warmup_prefix: boolean };
type Noise = Pick<Arguments<typeof commonArguments>, 'noise_range_t' | 'noise_pct' | 'noise_std' | 'noise_seed'>;

/**
 * The warm-up: a straight line from warmup_lr_init to `target` in warmup_t. With warmup_prefix the rest begins after it,
 * without, the rest has been going on since t = 0 and is seen from there on.
 */
export function warmed(args: Warmup, target: number, rest: DescribedSchedule): DescribedSchedule {
  const { warmup_t, warmup_lr_init, warmup_prefix } = args;
  const seen = warmup_prefix || warmup_t === 0 ? rest : shift({ schedule: rest, shiftSteps: -warmup_t });
  return risen(warmup_lr_init, target, warmup_t, seen);
}

/** The schedule with timm's noise on it, where there is any. */
export function noisy(
  name: string,
  args: Noise,
  schedule: DescribedSchedule,
  path: string,
  shape: 'normal' | 'uniform' = 'normal',
): DescribedSchedule {
  const { noise_range_t, noise_pct, noise_std, noise_seed } = args;
  // Without a range timm looks at none of the others.
  if (noise_range_t === null) return schedule;
  if (!(noise_std >= 0)) throw refuse('invalid', name, 'noise_std', 'a number >= 0', noise_std, path);
  if (!(noise_pct > 0) || (shape === 'normal' && noise_pct < noise_std / 1000)) {
    const rule = 'a number > 0, and at least a thousandth of noise_std: timm draws until the noise is below it';
    throw refuse('invalid', name, 'noise_pct', rule, noise_pct, path);
  }
  const [fromSteps, untilSteps] = typeof noise_range_t === 'number' ? [noise_range_t] : noise_range_t;
  return timmNoise({
    schedule,
    fromSteps,
    ...(untilSteps !== undefined && { untilSteps }),
    limitFactor: noise_pct,
    ...(shape === 'normal' ? { deviationFactor: noise_std } : { shape }),
    seed: noise_seed,
  });
}
