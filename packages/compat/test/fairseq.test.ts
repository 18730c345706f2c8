import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { read } from '../src/fairseq/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const schedulers = readdirSync(new URL('../fixtures/fairseq', import.meta.url)).map((file) =>
  file.replace('.json', ''),
);

/** Options that are left out of the pairwise set: epochs do not exist here; the two of tri_stage stand in its edges. */
const ignored = {
  force_anneal: 'an epoch, refused',
  phase_ratio: 'instead of three other options',
  max_update: 'read with phase_ratio only',
};

test('the schedulers that are read are recorded', () => {
  expect(schedulers).toHaveLength(7);
});

describe.each(schedulers)('fairseq %s', (name) => {
  const fixture = readFixture('fairseq', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`fairseq ${name}`, fixture, read).values).toBeGreaterThan(50);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture, ignored)).not.toThrow();
  });
});
