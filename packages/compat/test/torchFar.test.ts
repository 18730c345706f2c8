// Chains past the million steps that are computed one by one: what they do repeats, and goes on for ever.
import { lint, planToJSON, ScheduleError, type Schedule } from '@anneal/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read } from '../src/torch/index.ts';
import { expectJsonTrip } from './agreement.ts';
import { readFixture } from './fixture.ts';
import { parsePlan } from '../src/parsePlan.ts';

const far = readFixture('torch', 'far');

test.each(far.cases.map((one) => [one.id, one] as const))(
  '%s agrees with the recorded values',
  (_, { description, steps, values }) => {
    const rate = rateOf(description);
    const recorded = values['learningRate']! as readonly number[];
    // PyTorch's wave comes from its own last value: a million roundings are in it, which it goes through at every trough.
    const off = steps.map((step, i) => Math.abs(rate(step) - recorded[i]!) / Math.max(...recorded));
    expect(Math.max(...off)).toBeLessThan(1e-9);
  },
);

test('say and do the same after a trip through JSON', () => {
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

describe('whatever is chained', () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  const share = fc.constantFrom(0.5, 0.9, 0.99);
  const leaf = fc.oneof(
    whole(1, 30).map(linear),
    fc.tuple(whole(1, 12), fc.constantFrom(0, 0.01, 0.05)).map(([T_max, floor]) => cosine(T_max, floor)),
    share.map((gamma) => ({ name: 'ExponentialLR', args: { gamma } })),
    fc.tuple(whole(1, 9), share).map(([step_size, gamma]) => ({ name: 'StepLR', args: { step_size, gamma } })),
    fc
      .tuple(whole(1, 9), share)
      .map(([at, gamma]) => ({ name: 'MultiStepLR', args: { milestones: [at, 2 * at], gamma } })),
    whole(1, 20).map((total_iters) => ({ name: 'PolynomialLR', args: { total_iters, power: 2 } })),
    whole(1, 20).map((total_iters) => ({ name: 'ConstantLR', args: { total_iters, factor: 0.5 } })),
    whole(1, 12).map((T_0) => ({ name: 'CosineAnnealingWarmRestarts', args: { T_0 } })),
    whole(1, 12).map((anneal_epochs) => ({ name: 'SWALR', args: { swa_lr: 0.05, anneal_epochs } })),
  );
  const sequence = fc.tuple(leaf, leaf, whole(1, 20)).map(([one, other, milestone]) => ({
    name: 'SequentialLR',
    args: { schedulers: [one, other], milestones: [milestone] },
  }));
  const chains = fc.array(fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: sequence }), {
    minLength: 2,
    maxLength: 4,
  });

  test('a period gives what the steps one by one give', () => {
    let periods = 0;
    fc.assert(
      fc.property(chains, (schedulers) => {
        const { learningRate } = planToJSON(read(chain(...schedulers)));
        fc.pre(typeof learningRate === 'object' && 'type' in learningRate && learningRate.type === 'recurrence');
        const spec = learningRate;
        fc.pre(spec.periodSteps !== undefined);
        periods += 1;
        const { periodSteps: _, ...rest } = spec;
        const [forEver, straight] = [spec, { ...rest, lengthSteps: 1_000_000 }].map(
          (one) => parsePlan(one).learningRate as Schedule,
        );
        const end = Math.min(20_000, 4 * spec.lengthSteps);
        let peak = 0;
        for (let step = 0; step <= end; step += 1) peak = Math.max(peak, straight!(step));
        for (let step = 0; step <= end; step += 7) {
          const off = Math.abs(forEver!(step) - straight!(step));
          if (!(off <= 1e-11 * peak)) expect.fail(`${JSON.stringify(schedulers)} at ${step}: ${off}`);
        }
      }),
      { numRuns: 200 },
    );
    expect(periods).toBeGreaterThan(50);
  });
});

describe('lint', () => {
  const codes = (description: object, steps: number): readonly string[] =>
    lint(read(description), { steps }).map(({ severity, code }) => `${severity} ${code}`);

  test('does not take what is computed for the end', () => {
    expect(codes(chain(linear(20), cosine(100)), 100)).toEqual(['note risesAfterEnd']);
    expect(codes(chain(linear(20), { name: 'ExponentialLR', args: { gamma: 0.999 } }), 100)).toEqual([]);
    const { lr, ...inner } = chain(linear(5), cosine(50, 0.001));
    const nested = { name: 'SequentialLR', args: { schedulers: [inner], milestones: [] }, lr };
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
