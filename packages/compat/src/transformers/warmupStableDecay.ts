import {
  constant,
  cosineDecay,
  linear,
  polynomialDecay,
  sequence,
  shift,
  stableDecay,
  type DescribedSchedule,
} from '@anneal/core';
import { choice, factor, stepsOrZero } from '@anneal/core/kinds';
import { readArguments, refuse } from '../readArguments.ts';
import type { Run } from './run.ts';

const ways = /* @__PURE__ */ choice('linear', 'cosine', '1-sqrt');

const table = {
  num_decay_steps: stepsOrZero,
  num_stable_steps: [stepsOrZero, null],
  warmup_type: [ways, 'linear'],
  decay_type: [ways, 'cosine'],
  min_lr_ratio: [factor, 0],
  num_cycles: [factor, 0.5],
} as const;

/**
 * Warm-up, stable phase, decay; `min_lr_ratio` lifts both ends. Where the phases are longer than the run, the stable one
 * has a negative length: the decay begins inside the warm-up's time and is seen from where the warm-up ends.
 */
export function warmupStableDecay(run: Run & { readonly totalGiven: boolean }): DescribedSchedule {
  const args = readArguments('warmup_stable_decay', run.kwargs, table, run.path);
  const { rate, warmupSteps, totalSteps } = run;
  if (args.num_stable_steps === null && !run.totalGiven)
    throw refuse('required', 'warmup_stable_decay', 'num_stable_steps', 'given, or max_steps', undefined, run.path);
  const stableSteps = args.num_stable_steps ?? totalSteps - warmupSteps - args.num_decay_steps;
  const low = rate * args.min_lr_ratio;
  const ends = warmupSteps + stableSteps + args.num_decay_steps;
  const phases = [
    { from: 0, schedule: () => risen(low, rate, warmupSteps, args.warmup_type) },
    { from: warmupSteps, schedule: () => constant({ value: rate }) },
    {
      from: Math.max(warmupSteps, warmupSteps + stableSteps),
      schedule: () => {
        const decay = fallen(rate, low, Math.max(1, args.num_decay_steps), args.decay_type, args.num_cycles);
        return stableSteps < 0 ? shift({ schedule: decay, shiftSteps: stableSteps }) : decay;
      },
    },
    { from: Math.max(warmupSteps, ends), schedule: () => constant({ value: low }) },
  ];
  // A phase without steps never comes; its schedule would divide by them.
  const seen = phases.filter(({ from }, i) => from < (phases[i + 1]?.from ?? Infinity));
  const schedules = seen.map(({ schedule }) => schedule());
  const boundaries = seen.slice(1).map(({ from }) => from);
  return schedules.length === 1 ? schedules[0]! : sequence({ schedules, boundaries });
}

type Way = 'linear' | 'cosine' | '1-sqrt';

function risen(initValue: number, endValue: number, decaySteps: number, way: Way): DescribedSchedule {
  if (way === 'linear') return linear({ initValue, endValue, decaySteps });
  if (way === 'cosine') return cosineDecay({ initValue, endValue, decaySteps });
  // 1 − √(1−x), a rise that is steep at its end
  return polynomialDecay({ initValue, endValue, decaySteps, power: 0.5 });
}

function fallen(initValue: number, endValue: number, decaySteps: number, way: Way, cycles: number): DescribedSchedule {
  if (way === 'linear') return linear({ initValue, endValue, decaySteps });
  if (way === '1-sqrt') return stableDecay({ initValue, endValue, decaySteps, shape: 'oneMinusSqrt' });
  if (cycles === 0) return constant({ value: initValue });
  return cosineDecay({ initValue, endValue, decaySteps: decaySteps / (2 * cycles), pastEnd: 'continue' });
}
