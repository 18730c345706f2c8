// Values that papers print, or that a few lines by hand give.
import { describe, expect, test } from 'vitest';
import {
  chebyshev,
  cosineDecay,
  cyclic,
  infinite,
  noam,
  oneCycle,
  polynomialDecay,
  powerDecay,
  rexDecay,
  slantedTriangular,
  stableDecay,
  triStage,
  type Schedule,
} from '../index.ts';

const first = (schedule: Schedule, n: number): number[] => Array.from({ length: n }, (_, step) => schedule(step));
const close = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 12));

test('REX, (1−x)/(½+½(1−x)) in tenths', () => {
  const expected = [1, 18 / 19, 16 / 18, 14 / 17, 12 / 16, 10 / 15, 8 / 14, 6 / 13, 4 / 12, 2 / 11, 0];
  expect(first(rexDecay({ initValue: 1, decaySteps: 10 }), 11)).toEqual(close(expected));
});

test('slanted triangular, eq. 3 of the paper with T = 20, cut_frac = 0.1, ratio = 32', () => {
  const cut = 2;
  const expected = Array.from({ length: 21 }, (_, t) => {
    const p = t < cut ? t / cut : 1 - (t - cut) / (cut * (1 / 0.1 - 1));
    return (0.01 * (1 + p * (32 - 1))) / 32;
  });
  expect(first(slantedTriangular({ peakValue: 0.01, totalSteps: 20 }), 21)).toEqual(close(expected));
});

test('Noam: the rise and the fall meet at step number = warmupSteps', () => {
  const schedule = noam({ modelSize: 512, warmupSteps: 4000 });
  expect(schedule(3999)).toBeCloseTo(512 ** -0.5 * 4000 ** -0.5, 15); // 6.99e-4
  expect(schedule(0)).toBeCloseTo(512 ** -0.5 * 4000 ** -1.5, 18);
  expect(schedule(15999)).toBeCloseTo(schedule(3999) / 2, 15);
});

test('cosine that continues rises again, period 2·decaySteps, also 10¹² steps out', () => {
  const schedule = cosineDecay({ initValue: 1, decaySteps: 5, pastEnd: 'continue' });
  const down = [1, 0.904508497187474, 0.654508497187474, 0.345491502812526, 0.0954915028125264, 0];
  expect(first(schedule, 11)).toEqual(close([...down, ...down.slice(0, 5).toReversed()]));
  expect(first((step) => schedule(1e12 + step), 11)).toEqual(first(schedule, 11));
});

test('polynomial that cycles is stretched to the next multiple', () => {
  const schedule = polynomialDecay({ initValue: 1, decaySteps: 4, pastEnd: 'cycle' });
  expect([0, 2, 4, 5, 6, 8, 9].map(schedule)).toEqual(close([1, 0.5, 0, 1 - 5 / 8, 1 - 6 / 8, 0, 1 - 9 / 12]));
});

describe('one cycle of 10 updates', () => {
  test('has its peak at 0.3·10 − 1 and its end at 9', () => {
    const schedule = oneCycle({ peakValue: 1, totalSteps: 10 });
    const down = [0, 1, 2, 3, 4, 5, 6].map((i) => (1 + Math.cos((Math.PI * i) / 7)) / 2);
    expect(first(schedule, 9)).toEqual(close([0.04, 0.52, ...down.map((w) => 4e-6 + (1 - 4e-6) * w)]));
    expect(schedule(9)).toBe(1 / 25 / 1e4);
    expect(schedule(10)).toBe(schedule(9));
  });

  test('continued past its end rises on the cosine and falls below 0 on the line', () => {
    const past = (shape: 'cosine' | 'linear'): number =>
      oneCycle({ peakValue: 1, totalSteps: 10, shape, pastEnd: 'continue' })(10);
    expect(past('cosine')).toBeCloseTo(4e-6 + ((1 - 4e-6) * (1 + Math.cos((Math.PI * 8) / 7))) / 2, 12);
    expect(past('linear')).toBeCloseTo(1 + ((4e-6 - 1) * 8) / 7, 12);
  });

  test('in three phases mirrors the rise', () => {
    const schedule = oneCycle({
      peakValue: 1,
      totalSteps: 10,
      initValue: 0.2,
      endValue: 0.1,
      shape: 'linear',
      threePhase: true,
    });
    expect([0, 1, 2, 3, 4, 9].map(schedule)).toEqual(close([0.2, 0.6, 1, 0.6, 0.2, 0.1]));
  });
});

test('cyclic: triangular2 halves the height each cycle, exp_range shrinks it each step, sine and cosine are rounder', () => {
  const triangle = { initValue: 1, peakValue: 3, upSteps: 2, downSteps: 4 };
  expect(first(cyclic({ ...triangle, cycleFactor: 0.5 }), 13)).toEqual([
    1, 2, 3, 2.5, 2, 1.5, 1, 1.5, 2, 1.75, 1.5, 1.25, 1,
  ]);
  expect(cyclic({ ...triangle, gamma: 0.9 })(8)).toBeCloseTo(1 + 2 * 0.9 ** 8, 15);
  expect(cyclic({ ...triangle, shape: 'sine' })(1)).toBeCloseTo(1 + 2 * Math.SQRT1_2, 15);
  expect(cyclic({ ...triangle, shape: 'cosine' })(1)).toBeCloseTo(2, 15);
  expect(cyclic({ ...triangle, shape: 'sine' })(1e12 + 1)).toBe(cyclic({ ...triangle, shape: 'sine' })((1e12 + 1) % 6));
});

test('warm-up–stable–decay in its shapes, half of the way down', () => {
  const halfway = (shape: 'linear' | 'cosine' | 'oneMinusSqrt' | 'oneMinusSquare' | 'saturating'): number =>
    stableDecay({ initValue: 1, stableSteps: 6, decaySteps: 4, shape })(8);
  expect(halfway('linear')).toBe(0.5);
  expect(halfway('cosine')).toBeCloseTo(0.5, 15);
  expect(halfway('oneMinusSqrt')).toBeCloseTo(1 - Math.SQRT1_2, 15);
  expect(halfway('oneMinusSquare')).toBe(0.75);
  expect(halfway('saturating')).toBeCloseTo(2 * 0.5 ** 0.5 - 1, 15); // Megatron's 2·0.5^x − 1
});

test('tri-stage falls as e^(−λn), λ = −ln(final)/D', () => {
  const schedule = triStage({ peakValue: 1, warmupSteps: 4, holdSteps: 3, decaySteps: 10, endFactor: 0.05 });
  expect([0, 2, 4, 7].map(schedule)).toEqual(close([0.01, 0.505, 1, 1]));
  expect(schedule(12)).toBeCloseTo(Math.exp((Math.log(0.05) / 10) * 5), 14);
});

test('infinite: h(x)/h(1) with h(x) = 1/√(1+αx) − 1', () => {
  const schedule = infinite({ initValue: 3, constantValue: 1, cooldownSteps: 8, sharpness: 3 });
  expect(schedule(4)).toBeCloseTo(3 + (1 - 3) * ((1 / Math.sqrt(2.5) - 1) / (1 / 2 - 1)), 14);
});

test('power decay is (t/τ)^−p of the time since −τ', () => {
  expect(powerDecay({ initValue: 1, timescaleSteps: 100, power: 0.51 })(900)).toBeCloseTo(10 ** -0.51, 15);
});

describe('fractal Chebyshev steps', () => {
  test('stand in the order of the paper', () => {
    // Inverted, the steps are c − r·cos((σ+½)π/8): σ(8) = 0 7 3 4 1 6 2 5
    const schedule = chebyshev({ peakValue: 1, endValue: 0.1, cycleSteps: 8 });
    const order = first(schedule, 8).map((step) => Math.round((Math.acos((5.5 - 1 / step) / 4.5) * 8) / Math.PI - 0.5));
    expect(order).toEqual([0, 7, 3, 4, 1, 6, 2, 5]);
    expect(first((step) => schedule(step + 8), 8)).toEqual(first(schedule, 8));
  });

  test('bring gradient descent on a quadratic to the Chebyshev bound', () => {
    // Π (1 − λ·step) is the scaled Chebyshev polynomial: at most 1/T₈((M+m)/(M−m)) for every λ in [m, M] = [1, 10].
    const schedule = chebyshev({ peakValue: 1, endValue: 0.1, cycleSteps: 8 });
    const bound = 1 / Math.cosh(8 * Math.acosh(11 / 9));
    for (let lambda = 1; lambda <= 10; lambda += 0.25) {
      const left = first(schedule, 8).reduce((product, step) => product * (1 - lambda * step), 1);
      expect(Math.abs(left)).toBeLessThanOrEqual(bound * (1 + 1e-12));
    }
  });
});
