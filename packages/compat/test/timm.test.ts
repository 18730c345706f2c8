import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../src/parsePlan.ts';
import { read } from '../src/timm/index.ts';
import { expectAgreement, expectCoverage, expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/timm', import.meta.url))
  .filter((file) => file !== 'written.json')
  .map((file) => file.replace('.json', ''));

test('every scheduler of timm 1.0.31 is recorded', () => {
  expect(schedulers).toHaveLength(7);
});

describe.each(schedulers)('timm %s', (name) => {
  const fixture = readFixture('timm', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`timm ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('says and does the same after a trip through JSON', () => {
    expect(expectJsonTrip(fixture, read, parsePlan)).toBeGreaterThan(0);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
