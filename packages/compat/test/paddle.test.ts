import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/paddle/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/paddle', import.meta.url))
  .filter((file) => file !== 'written.json')
  .map((file) => file.replace('.json', ''));

test('all schedulers of Paddle 3.3.1 that take no function are recorded', () => {
  expect(schedulers).toHaveLength(15);
});

describe.each(schedulers)('paddle %s', (name) => {
  const fixture = readFixture('paddle', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`paddle ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
