import { describe, expect, test } from 'vitest';
import { read } from '../src/keras/index.ts';
import { expectAgreement, expectCoverage } from './agreement.ts';
import { readFixture } from './fixture.ts';

const classes = [
  'ExponentialDecay',
  'PiecewiseConstantDecay',
  'PolynomialDecay',
  'InverseTimeDecay',
  'CosineDecay',
  'CosineDecayRestarts',
  'ReduceLROnPlateau',
  'LearningRateScheduler',
];
/** Keras computes something here, we refuse: with t_mul below 1 it takes the logarithm of a negative number. */
const unsupported = { 'refused-0': 't_mul below 1' };

describe.each(classes)('keras %s', (name) => {
  const fixture = readFixture('keras', name);

  test('agrees with the recorded values', () => {
    expect(expectAgreement(`keras ${name}`, fixture, read, unsupported).values).toBeGreaterThan(100);
  });

  test('is recorded with every pair of levels', () => {
    expect(() => expectCoverage(name, fixture)).not.toThrow();
  });
});
