import { readdirSync } from 'node:fs';
import { parsePlan } from '../src/parsePlan.ts';
import { describe, expect, test } from 'vitest';
import { read } from '../src/torch/index.ts';
import { expectAgreement, expectCoverage, expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/torch', import.meta.url))
  .filter((file) => !['written.json', 'far.json'].includes(file))
  .map((file) => file.replace('.json', ''));

test('every scheduler of torch 2.13.0, and their nesting, is recorded', () => {
  expect(schedulers).toHaveLength(17);
});

describe.each(schedulers)('torch %s', (name) => {
  const fixture = readFixture('torch', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`torch ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('says and does the same after a trip through JSON', () => {
    expect(expectJsonTrip(fixture, read, parsePlan)).toBeGreaterThan(0);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
