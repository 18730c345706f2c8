import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/fastai/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/fastai', import.meta.url)).map((file) => file.replace('.json', ''));

test('the schedulers that are read are recorded', () => {
  expect(schedulers).toHaveLength(4);
});

describe.each(schedulers)('fastai %s', (name) => {
  const fixture = readFixture('fastai', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`fastai ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
