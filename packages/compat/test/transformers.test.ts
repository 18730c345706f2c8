import { readdirSync } from 'node:fs';
import { parsePlan } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from '../src/transformers/index.ts';
import { expectAgreement, expectCoverage, expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/transformers', import.meta.url))
  .filter((file) => file !== 'written.json')
  .map((file) => file.replace('.json', ''));

test('every SchedulerType of transformers 5.23.0 is recorded', () => {
  expect(schedulers).toHaveLength(12);
});

describe.each(schedulers)('transformers %s', (name) => {
  const fixture = readFixture('transformers', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`transformers ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('says and does the same after a trip through JSON', () => {
    expect(expectJsonTrip(fixture, read, parsePlan)).toBeGreaterThan(0);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
