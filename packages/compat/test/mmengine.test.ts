import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/mmengine/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/mmengine', import.meta.url)).map((file) =>
  file.replace('.json', ''),
);

test('the schedulers that are read are recorded', () => {
  expect(schedulers).toHaveLength(10);
});

describe.each(schedulers)('mmengine %s', (name) => {
  const fixture = readFixture('mmengine', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`mmengine ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
