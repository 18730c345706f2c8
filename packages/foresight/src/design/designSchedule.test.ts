import { parsePlan } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { lossModel } from '../law/lossModel.ts';
import { series } from '../rates/rates.ts';
import { designSchedule } from './designSchedule.ts';
import { nonIncreasing } from './nonIncreasing.ts';
import type { DesignObjective } from './objective.ts';
import { readObjective } from './readObjective.ts';

const ratesOf = (schedule: (step: number) => number, steps: number): Float64Array =>
  series('test', 'schedule', schedule, steps);
const spectrum = Array.from({ length: 12 }, (_, i) => 0.02 ** (i / 11));
const model = lossModel('multiPowerLaw', { l0: 3, a: 0.52, alpha: 0.5, b: 360, c: 2, beta: 0.58, gamma: 0.64 });
const sibling = lossModel('momentumLaw', { l0: 3, a: 0.52, alpha: 0.5, c: 0.4, tau: 50 });

describe('the slopes of', () => {
  test.each<[string, DesignObjective, number]>([
    ['the bound', { type: 'bound', distance: 3, gradientNorm: (t) => 1 / Math.sqrt(t + 1) }, 1],
    ['the quadratic', { type: 'quadratic', spectrum }, 0.3],
    ['the quadratic with momentum', { type: 'quadratic', spectrum, momentum: 0.8, batchSize: 4 }, 0.1],
    [
      'least squares',
      { type: 'quadratic', spectrum, momentum: 0.5, noise: { type: 'leastSquares', labelVariance: 2 } },
      0.05,
    ],
    ['the multi-power law', { type: 'law', model }, 3e-4],
    ['the momentum law', { type: 'law', model: sibling }, 3e-4],
  ])('%s are central differences', (_, objective, peak) => {
    const { value, slopes } = readObjective('test', objective, 9);
    const etas = Float64Array.of(0.2, 0.7, 1, 0.9, 0.9, 0.6, 0.5, 0.3, 0.1).map((share) => share * peak);
    const exact = slopes(etas);
    const largest = exact.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    etas.forEach((eta, t) => {
      const h = 1e-5 * peak;
      const central = (value(etas.with(t, eta + h)) - value(etas.with(t, eta - h))) / (2 * h);
      // Differences of second order at h = 10⁻⁵ of the peak, less what rounding of the value leaves.
      expect(Math.abs(central - exact[t]!)).toBeLessThan(1e-6 * largest);
    });
  });
});

describe('a design', () => {
  test('under the bound is linear decay, without being told', () => {
    const { schedule, value, references } = designSchedule({ type: 'bound' }, { steps: 1000 });
    const rates = ratesOf(schedule, 1000);
    const far = rates.map((rate, t) => Math.abs(rate / rates[0]! - (1000 - t) / 1000));
    expect(far.reduce((a, b) => Math.max(a, b))).toBeLessThan(0.01);
    expect(references.map(({ name }) => name)).toEqual(['cosine', 'linear', 'stableDecay']);
    expect(references.every(({ gain, value: other }) => gain >= 0 && other - value === gain)).toBe(true);
  });

  test('on a quadratic reaches what a long projected gradient descent over every rate reaches', () => {
    const steps = 60;
    const { value } = designSchedule({ type: 'quadratic', spectrum }, { steps });
    const { value: valueOf, slopes } = readObjective('test', { type: 'quadratic', spectrum }, steps);
    let rates = new Float64Array(steps).fill(0.1);
    let length = 1;
    for (let round = 0; round < 20_000; round += 1) {
      const slope = slopes(rates);
      const next = nonIncreasing(
        rates.map((rate, t) => rate - length * slope[t]!),
        0,
        Infinity,
      );
      if (valueOf(next) <= valueOf(rates)) {
        rates = next as Float64Array<ArrayBuffer>;
        length *= 1.1;
      } else length /= 2;
    }
    expect(value).toBeLessThan(1.001 * valueOf(rates));
  });

  test('under a law never rises, keeps to the peak and to the end that it was given, and no small change is better', () => {
    const steps = 1500;
    const options = { steps, peak: 3e-4, warmupSteps: 100, endValue: 3e-5 };
    const { schedule, value, peak, references } = designSchedule({ type: 'law', model }, options);
    const rates = ratesOf(schedule, steps);
    expect(peak).toBeCloseTo(3e-4, 15);
    expect(schedule(steps - 1)).toBeCloseTo(3e-5, 15);
    expect(schedule(0)).toBeCloseTo(3e-4 / 101, 15);
    // Between two knots that are alike rounding may lift a rate by a unit of its last place.
    expect(rates.slice(100).every((rate, t) => t === 0 || rate <= rates[99 + t]! * (1 + 2 ** -52))).toBe(true);
    expect(Math.min(...references.map(({ gain }) => gain))).toBeGreaterThan(0);
    const { value: valueOf } = readObjective('test', { type: 'law', model }, steps);
    let state = 1;
    const uniform = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let trial = 0; trial < 300; trial += 1) {
      // A bump of any width and sign, then back among what is allowed.
      const [middle, width, height] = [100 + uniform() * 1400, 5 + uniform() * 300, (uniform() - 0.5) * 1e-4];
      const moved = rates.map((rate, t) => (t < 100 ? rate : rate + height * Math.exp(-(((t - middle) / width) ** 2))));
      const allowed = rates.slice();
      allowed.set(nonIncreasing(moved.slice(100), 3e-5, 3e-4), 100);
      allowed[steps - 1] = 3e-5;
      expect(valueOf(allowed)).toBeGreaterThan(value - 1e-5);
    }
  });

  test('is an ordinary spec', () => {
    const { schedule } = designSchedule({ type: 'quadratic', spectrum }, { steps: 40, warmupSteps: 4, peak: 0.5 });
    const read = parsePlan(JSON.parse(JSON.stringify(schedule))).learningRate as typeof schedule;
    expect(ratesOf(read, 60)).toEqual(ratesOf(schedule, 60));
    expect(schedule.spec.type).toBe('warmup');
  });

  test.each(['linear', 'cosine', 'polynomial', 'stableDecay'] as const)(
    'in the family %s is a member, the best',
    (family) => {
      const design = designSchedule({ type: 'bound' }, { steps: 200, family });
      const free = designSchedule({ type: 'bound' }, { steps: 200 });
      expect(design.schedule.spec.type).toBe(
        { linear: 'linear', cosine: 'cosineDecay', polynomial: 'polynomialDecay', stableDecay: 'stableDecay' }[family],
      );
      expect(free.value).toBeLessThanOrEqual(design.value);
      for (const factor of [0.9, 1.1]) {
        const { value: valueOf } = readObjective('test', { type: 'bound' }, 200);
        expect(valueOf(ratesOf((t) => factor * design.schedule(t), 200))).toBeGreaterThan(design.value);
      }
    },
  );

  test('that may rise is at least as good as one that may not', () => {
    const objective: DesignObjective = { type: 'quadratic', spectrum, momentum: 0.9 };
    const [never, may] = [true, false].map(
      (monotone) => designSchedule(objective, { steps: 50, peak: 1, monotone }).value,
    );
    expect(may).toBeLessThan(1.0001 * never!);
  });

  test('of one update is one rate', () => {
    expect(
      designSchedule({ type: 'quadratic', spectrum: [2], noise: { type: 'additive', variance: 0 } }, { steps: 1 }).peak,
    ).toBeCloseTo(0.5, 6);
  });

  const of = (objective: object, options: object) => () =>
    designSchedule(objective as never, { steps: 10, ...options });
  test.each([
    [of({ type: 'loss' }, {}), 'objective: type must be "bound", "quadratic" or "law"; received "loss"'],
    [of({ type: 'bound', spectrum }, {}), 'unknown option "spectrum"'],
    [
      of({ type: 'law', model }, {}),
      'peak must be given with a law: that of the runs it was fitted on; received undefined',
    ],
    [of({ type: 'law' }, { peak: 1 }), 'model must be a fitted law or a lossModel; received undefined'],
    [of({ type: 'bound' }, { steps: 0 }), 'steps must be an integer'],
    [
      of({ type: 'bound' }, { family: 'sine' }),
      'family must be "free", "linear", "cosine", "polynomial", "stableDecay"; received "sine"',
    ],
    [of({ type: 'bound' }, { warmupSteps: 10 }), 'warmupSteps must be an integer from 0 to 9; received 10'],
    [of({ type: 'bound' }, { peak: 0.1, endValue: 0.2 }), 'endValue must be at most the peak 0.1; received 0.2'],
    [of({ type: 'bound' }, { monotone: 'yes' }), 'monotone must be true or false; received "yes"'],
    [of({ type: 'bound' }, { lr: 1 }), 'unknown option "lr"'],
    [
      of({ type: 'quadratic', spectrum: Array.from({ length: 2000 }, () => 1) }, { steps: 10_000 }),
      'at most 666 eigenvalues for 10000 steps',
    ],
  ])('refuses what it cannot take %#', (make, sentence) => {
    expect(make).toThrow(sentence);
  });
});
