import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/optax/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/optax', import.meta.url))
  .filter((file) => file !== 'written.json')
  .map((file) => file.replace('.json', ''));

test('all schedules of optax 0.2.8 and its plateau controller are recorded', () => {
  expect(schedulers).toHaveLength(15);
});

describe.each(schedulers)('optax %s', (name) => {
  const fixture = readFixture('optax', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`optax ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
