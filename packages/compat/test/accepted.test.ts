import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read as keras } from '../src/keras/index.ts';
import { read as optax } from '../src/optax/index.ts';
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
    expect(cases.length).toBeGreaterThan(300);
  });

  test('has no reason that no case needs', () => {
    const needless = reasons.filter((reason) => !differences.some((found) => isReason(reason, found)));
    expect(needless).toEqual([]);
  });

  test("is refused in the framework's own argument names", () => {
    for (const { description, difference } of differences) {
      if (difference.kind !== 'refused') continue;
      const { parameter, message } = difference.error;
      expect(JSON.stringify(description), message).toContain(`"${parameter}"`);
    }
  });
});
