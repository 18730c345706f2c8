import { readdirSync } from 'node:fs';
import { createScheduler } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from '../src/pytorch_warmup/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const folder = new URL('../fixtures/pytorch_warmup', import.meta.url);
const classes = readdirSync(folder).map((file) => file.replace('.json', ''));
const exact = classes.filter((name) => name !== 'RAdamWarmup');

test('every warm-up of pytorch_warmup is recorded', () => {
  expect(classes).toHaveLength(5);
});

test.each(exact)('pytorch_warmup %s agrees with the recorded values', (name) => {
  expect(expectAgreement(`pytorch_warmup ${name}`, readFixture('pytorch_warmup', name), read).values).toBeGreaterThan(
    50,
  );
});

test.each(classes)('pytorch_warmup %s is recorded with every pair of levels', (name) => {
  expect(() => expectCoverage(name, readFixture('pytorch_warmup', name))).not.toThrow();
});

/**
 * RAdam's factor comes from ρ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), two numbers near 2/(1−β₂) whose difference is near t. pytorch_warmup
 * forms 1 − β₂ᵗ by subtraction, with a relative error of about 2⁻⁵³/(1−β₂) in the first steps, so that ρ − 4 is off by
 * about 2⁻⁵³·2/(1−β₂)² at most. Ours avoids the subtraction.
 */
describe('pytorch_warmup RAdamWarmup', () => {
  const { cases } = readFixture('pytorch_warmup', 'RAdamWarmup');

  test.each(cases.filter(({ error }) => error === undefined))('agrees within its rounding: $id', (one) => {
    const { beta2 = 0.999 } = one.description as { beta2?: number };
    const scheduler = createScheduler(read(one.description));
    const recorded = one.values['learningRate']!;
    const bar = (2 ** -53 * 2) / (1 - beta2) ** 2;
    const off = one.steps.map((step, i) => Math.abs(scheduler.values(step).learningRate / recorded[i]! - 1));
    expect(off.length).toBeGreaterThan(50);
    expect(Math.max(...off)).toBeLessThan(bar);
    // From step 20 on ρ − 4 is no longer small: a few roundings of the value are left.
    expect(Math.max(...off.filter((_, i) => one.steps[i]! > 20))).toBeLessThan(Math.max(bar / 100, 1e-15));
  });

  test.each(cases.filter(({ error }) => error !== undefined))('refuses what it refuses: $id', (one) => {
    expect(() => read(one.description)).toThrow('beta2');
  });
});

test('a scheduler over several parameter groups is refused: its groups would not be dampened', () => {
  const schedule = { name: 'OneCycleLR', args: { max_lr: [0.1, 0.2], total_steps: 30 } };
  const description = { name: 'LinearWarmup', args: { warmup_period: 4 }, lr: 0.1, schedule };
  expect(() => read(description)).toThrow('pytorch_warmup: schedule must be of one parameter group');
});
