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

test('a configuration has the class as type and its arguments beside it', () => {
  const args = { start_factor: 0.001, by_epoch: false, begin: 0, end: 3 };
  const flat = read({ type: 'LinearLR', ...args, lr: 0.1 });
  expect(JSON.stringify(flat)).toBe(JSON.stringify(read({ name: 'LinearLR', args, lr: 0.1 })));
  expect(() => read({ type: 'StepLR', step: 3, lr: 0.1 })).toThrow('StepLR: unknown argument "step"');
  expect(() => read({ type: 'StepLR', step_size: 3 })).toThrow(
    "StepLR: lr must be a number >= 0, the optimizer's rate",
  );
});
