import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/deepspeed/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/deepspeed', import.meta.url)).map((file) =>
  file.replace('.json', ''),
);

/** What DeepSpeed does and we refuse, by scheduler and case. */
const unsupported: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  OneCycle: { 'pair-7': 'decay_mom_rate makes the momentum grow for ever' },
  WarmupDecayLR: { 'edge-2': 'a warm-up that falls' },
};

test('every scheduler of DeepSpeed is recorded', () => {
  expect(schedulers).toEqual(['LRRangeTest', 'OneCycle', 'WarmupCosineLR', 'WarmupDecayLR', 'WarmupLR']);
});

describe.each(schedulers)('deepspeed %s', (name) => {
  const fixture = readFixture('deepspeed', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`deepspeed ${name}`, fixture, read, unsupported[name]).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
