import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read as deepspeed } from '../src/deepspeed/index.ts';
import { read as ignite } from '../src/ignite/index.ts';
import { read as keras } from '../src/keras/index.ts';
import { read as mmengine } from '../src/mmengine/index.ts';
import { read as optax } from '../src/optax/index.ts';
import { read as paddle } from '../src/paddle/index.ts';
import { read as timm } from '../src/timm/index.ts';
import { read as torch } from '../src/torch/index.ts';
import { read as transformers } from '../src/transformers/index.ts';
import { differenceOf, type Difference } from './acceptance.ts';
import type { Read } from './agreement.ts';
import type { Fixture } from './fixture.ts';

/** Why a reader and a framework may differ: what is refused here, by the arguments, or where the framework goes wrong. */
interface Reason {
  readonly why: string;
  readonly kind: Difference['kind'];
  /** The scheduler, or one case of it. */
  readonly of?: string;
  /** The argument that the sentence of a refusal names, or that stands in a case that is no refusal. */
  readonly parameter?: string;
  readonly when?: (received: unknown) => boolean;
}

const isNegative = (value: unknown): boolean =>
  typeof value === 'number' ? value < 0 : Array.isArray(value) && value.flat().some(isNegative);

const negative: Reason = {
  why: 'a negative rate climbs; a negative length, count or factor is a slip',
  kind: 'refused',
  when: isNegative,
};

const frameworks: Readonly<Record<string, { readonly read: Read; readonly reasons: readonly Reason[] }>> = {
  torch: {
    read: torch,
    reasons: [
      negative,
      { why: 'its rate is below 0', kind: 'refused', of: 'LambdaLR', parameter: 'lr_lambda' },
      {
        why: 'a wave that rises from its trough by less than nothing',
        kind: 'refused',
        of: 'CosineAnnealingLR',
        parameter: 'eta_min',
      },
      { why: 'the momentum falls below 0', kind: 'refused', of: 'CyclicLR', parameter: 'scale_fn' },
      { why: 'the momentum falls below 0', kind: 'refused', of: 'CyclicLR', parameter: 'gamma' },
      {
        why: 'a word that is not known counts as "iterations"',
        kind: 'refused',
        of: 'CyclicLR',
        parameter: 'scale_mode',
      },
    ],
  },
  timm: {
    read: timm,
    reasons: [
      negative,
      { why: 'a word that is not known counts as "uniform"', kind: 'refused', parameter: 'noise_type' },
      {
        why: 'timm takes the logarithm of a negative number when the cycles are over',
        kind: 'accepted',
        parameter: 'cycle_mul',
      },
      {
        why: 'its logarithm of 0.81 to 0.9 is less than 2: at step 19 it is still in the cycle before',
        kind: 'values',
        of: 'CosineLRScheduler cycles 21',
        parameter: 'cycle_mul',
      },
    ],
  },
  transformers: {
    read: transformers,
    reasons: [
      negative,
      { why: 'cycles of less than one step', kind: 'refused', of: 'cosine_with_restarts', parameter: 'num_cycles' },
    ],
  },
  keras: {
    read: keras,
    reasons: [
      negative,
      { why: 'values of several pieces are added up', kind: 'refused', parameter: 'boundaries' },
      { why: 'NaN from some step on', kind: 'refused', parameter: 't_mul' },
      { why: 'cycles of less than one step', kind: 'refused', parameter: 'first_decay_steps' },
      { why: 'the rate falls below 0', kind: 'refused', parameter: 'm_mul' },
    ],
  },
  optax: {
    read: optax,
    reasons: [
      negative,
      { why: 'schedules without a boundary are dropped in silence', kind: 'refused', parameter: 'boundaries' },
    ],
  },
  paddle: {
    read: paddle,
    reasons: [
      negative,
      { why: 'the rate falls below 0', kind: 'refused', of: 'CyclicLR', parameter: 'exp_gamma' },
      {
        why: 'a rounding of its recursion: of 0.1, at 0',
        kind: 'values',
        of: 'CosineAnnealingDecay 38',
        parameter: 'T_max',
      },
    ],
  },
  mmengine: {
    read: mmengine,
    reasons: [
      negative,
      { why: 'a line that is cut off inside a step, or goes on past its end', kind: 'refused', parameter: 'begin' },
      { why: 'a line that is cut off inside a step, or goes on past its end', kind: 'refused', parameter: 'end' },
      { why: 'at a fraction it does not restart, and 0 is divided by', kind: 'refused', parameter: 'periods' },
      { why: '0 is divided by in any longer window', kind: 'refused', of: 'LinearLR', parameter: 'start_factor' },
    ],
  },
  ignite: {
    read: ignite,
    reasons: [
      negative,
      { why: 'each cycle is rounded down to a whole length', kind: 'refused', parameter: 'cycle_mult' },
      { why: 'both ends move, each by its own factor', kind: 'refused', parameter: 'end_value_mult' },
      {
        why: 'the way back goes to a height that has changed, or never ends',
        kind: 'refused',
        parameter: 'warmup_duration',
      },
      { why: 'its cycle never ends', kind: 'refused', parameter: 'cycle_size' },
    ],
  },
  deepspeed: {
    read: deepspeed,
    reasons: [
      negative,
      { why: 'a word that is not known counts as "log"', kind: 'refused', parameter: 'warmup_type' },
      { why: 'a warm-up that falls', kind: 'refused', parameter: 'warmup_min_ratio' },
      { why: 'a warm-up that falls, or to 0', kind: 'refused', parameter: 'warmup_max_lr' },
      { why: 'another cycle begins between two steps', kind: 'refused', parameter: 'cycle_second_step_size' },
      { why: 'a fraction of a stair', kind: 'refused', parameter: 'cycle_first_stair_count' },
      { why: 'a fraction of a stair', kind: 'refused', parameter: 'cycle_second_stair_count' },
    ],
  },
};

interface Found {
  readonly id: string;
  readonly description: unknown;
  readonly difference: Difference;
}

const isReason = (reason: Reason, { id, description, difference }: Found): boolean => {
  if (reason.kind !== difference.kind) return false;
  if (difference.kind !== 'refused')
    return (
      `${id} `.startsWith(`${reason.of ?? ''} `.trimStart()) &&
      JSON.stringify(description).includes(`"${reason.parameter}"`)
    );
  const { type, parameter, received } = difference.error;
  return (
    (reason.of === undefined || reason.of === type) &&
    (reason.parameter === undefined || reason.parameter === parameter) &&
    (reason.when === undefined || reason.when(received))
  );
};

describe.each(Object.entries(frameworks))('%s', (framework, { read, reasons }) => {
  const url = new URL(`../fixtures/accepted/${framework}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, 'utf8')) as Fixture;
  const differences = cases.flatMap((one) => {
    const difference = differenceOf(one, read);
    return difference === undefined ? [] : [{ id: one.id, description: one.description, difference }];
  });

  test('is accepted where its own class accepts, with the same numbers, but for the reasons given here', () => {
    const unexplained = differences.filter((found) => !reasons.some((reason) => isReason(reason, found)));
    expect(unexplained).toEqual([]);
    process.stdout.write(
      `${framework}: ${cases.length} cases, ${differences.length} of them refused here for a reason\n`,
    );
    expect(cases.length).toBeGreaterThan(100);
  });

  test('has no reason that no case needs', () => {
    const needless = reasons.filter((reason) => !differences.some((found) => isReason(reason, found)));
    expect(needless).toEqual([]);
  });

  test("is refused in the framework's own argument names", () => {
    // One that is left out has its default; another case gives it.
    const known = JSON.stringify(cases.map(({ description }) => description));
    for (const { difference } of differences) {
      if (difference.kind !== 'refused') continue;
      const { parameter, message } = difference.error;
      expect(known.includes(`"${parameter}"`), message).toBe(true);
    }
  });
});
