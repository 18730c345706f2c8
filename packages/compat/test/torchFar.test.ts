// Chains past the million steps that are computed one by one: what they do repeats, and goes on for ever.
import { lint, planToJSON, ScheduleError, type Schedule } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from '../src/torch/index.ts';
import { expectAgreement, expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';
import { parsePlan } from '../src/parsePlan.ts';

const far = readFixture('torch', 'far');

test('agree with the recorded values, also after a trip through JSON', () => {
  expect(expectAgreement('torch far', far, read).values).toBe(36);
  expect(expectJsonTrip(far, read, parsePlan)).toBe(6);
});

const chain = (...schedulers: readonly object[]) => ({ name: 'ChainedScheduler', args: { schedulers }, lr: 0.1 });
const linear = (total_iters: number) => ({ name: 'LinearLR', args: { start_factor: 0.01, total_iters } });
const cosine = (T_max: number, eta_min = 0) => ({ name: 'CosineAnnealingLR', args: { T_max, eta_min } });
const rateOf = (description: object): Schedule => read(description).learningRate as Schedule;

test('whose wave is longer than a million steps are right in it', () => {
  // After the warm-up the product of factors: PyTorch's own is 0.0146446609.
  const rate = rateOf(chain(linear(10_000), cosine(2_000_000)));
  expect(rate(1_500_000)).toBeCloseTo(0.05 * (1 + Math.cos(0.75 * Math.PI)), 12);
  expect(rate(2_500_000)).toBeCloseTo(0.05 * (1 + Math.cos(1.25 * Math.PI)), 9);
});

test('that shrink below what a double holds end at the floor, and stay', () => {
  const rate = rateOf(chain({ name: 'ExponentialLR', args: { gamma: 0.9 } }, cosine(50, 0.01)));
  expect(rate(20_000 + 100_000_000)).toBe(rate(20_000 + 200_000_000));
});

test('that repeat only after more steps than can be computed are refused', () => {
  expect(() => read(chain(linear(10), cosine(3_000_000)))).toThrow(ScheduleError);
  expect(() => read(chain(linear(10), cosine(3_000_000)))).toThrow(
    'repeat only after 6000011 steps, of which 5000000 can be',
  );
  expect(() => read(chain(cosine(1009), cosine(1013), cosine(1019)))).toThrow('repeat only after');
});

describe('lint', () => {
  const codes = (description: object, steps: number): readonly string[] =>
    lint(read(description), { steps }).map(({ severity, code }) => `${severity} ${code}`);

  test('does not take what is computed for the end', () => {
    expect(codes(chain(linear(20), cosine(100)), 100)).toEqual(['note risesAfterEnd']);
    expect(codes(chain(linear(20), { name: 'ExponentialLR', args: { gamma: 0.999 } }), 100)).toEqual([]);
    const nested = {
      name: 'SequentialLR',
      args: { schedulers: [chain(linear(5), cosine(50, 0.001))], milestones: [] },
      lr: 0.1,
    };
    expect(codes(nested, 50)).toEqual(['note risesAfterEnd']);
  });

  test('sees that a chain has not reached its end', () => {
    expect(codes(chain(linear(20), cosine(1000)), 100)).toEqual(['warning endNotReached']);
    expect(codes(chain(linear(20), cosine(1000, 0.001)), 100)).toEqual(['warning endNotReached']);
    const steps = { name: 'StepLR', args: { step_size: 300, gamma: 0.1 } };
    expect(codes(chain(steps, linear(500), cosine(1000, 0.001)), 100)).toEqual(['warning endNotReached']);
  });
});

test('a chain without a closed form is one recurrence with its period', () => {
  expect(planToJSON(read(chain(linear(20), cosine(100))))).toMatchObject({
    learningRate: { type: 'recurrence', lengthSteps: 221, periodSteps: 200 },
  });
});
