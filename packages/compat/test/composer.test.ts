import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/composer/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/composer', import.meta.url)).map((file) =>
  file.replace('.json', ''),
);

/** What Composer does and we refuse, by scheduler and case. */
const unsupported: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CosineAnnealingWarmRestartsScheduler: { 'edge-0': 'cycle lengths rounded down' },
};

test('every scheduler of Composer is recorded', () => {
  expect(schedulers).toHaveLength(13);
});

describe.each(schedulers)('composer %s', (name) => {
  const fixture = readFixture('composer', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`composer ${name}`, fixture, read, unsupported[name]).values).toBeGreaterThan(100);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});

test('cycles that shorten are refused with what Composer does with them', () => {
  const args = { t_0: '4ep', t_mult: 0.5 };
  const description = { name: 'CosineAnnealingWarmRestartsScheduler', args, lr: 0.1 };
  expect(() => read(description, { stepsPerEpoch: 10 })).toThrow(
    't_mult must be a number in [1, 1000]: below 1 Composer raises when a cycle has no length left; received 0.5',
  );
});
