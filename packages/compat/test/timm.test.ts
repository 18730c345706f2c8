import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { controllerDefinitions, createParser, scheduleDefinitions } from '@anneal/core';
import { read, timmNoise } from '../src/timm/index.ts';
import { expectAgreement, expectCoverage, expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';

/** Noise is a schedule of this package, so a parser has to be told of it. */
const parse = createParser([...scheduleDefinitions, ...controllerDefinitions, timmNoise]);

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
    expect(expectJsonTrip(fixture, read, parse)).toBeGreaterThan(0);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
