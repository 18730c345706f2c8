import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/ignite/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture, type FixtureCase } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/ignite', import.meta.url)).map((file) => file.replace('.json', ''));

/** ignite goes back to a start value already multiplied, over a warm-up, and rounds cycle lengths down: refused. */
const unsupported = (cases: readonly FixtureCase[]): Record<string, string> => {
  const both = cases.filter(({ description }) => {
    const args = description['args'] as Readonly<Record<string, number | undefined>>;
    const scaled = (args['start_value_mult'] ?? args['end_value_mult']) !== undefined;
    return (args['warmup_duration'] !== undefined && scaled) || args['cycle_mult'] === 1.5;
  });
  return Object.fromEntries(both.map(({ id }) => [id, 'no translation']));
};

test('the schedulers that are read are recorded', () => {
  expect(schedulers).toHaveLength(5);
});

describe.each(schedulers)('ignite %s', (name) => {
  const fixture = readFixture('ignite', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`ignite ${name}`, fixture, read, unsupported(fixture.cases)).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
