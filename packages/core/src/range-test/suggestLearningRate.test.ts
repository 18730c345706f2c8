import { describe, expect, test } from 'vitest';
import { suggestLearningRate, type RangePoint, type RangeRule } from './suggestLearningRate.ts';

const count = 200;
const [lowest, highest] = [1e-7, 10];
const spacing = Math.log(highest / lowest) / (count - 1);
const rates = Array.from({ length: count }, (_, i) => lowest * Math.exp(i * spacing));

/** A curve given over u = ln rate. */
const curve = (loss: (u: number) => number): readonly RangePoint[] =>
  rates.map((learningRate) => ({ learningRate, loss: loss(Math.log(learningRate)) }));

/** Falls from 2 to 1 around the rate 1e-3, where it is steepest, and diverges from the rate 1 on. */
const centre = Math.log(1e-3);
const fall = (u: number): number => 1 + 1 / (1 + Math.exp(u - centre));
const usual = (u: number): number => fall(u) + Math.exp(3 * u);

/** How far a pick is off, in points of the grid: none can be nearer than its points. */
const off = (points: readonly RangePoint[], rule: RangeRule, expected: number): number =>
  Math.abs(Math.log(suggestLearningRate(points, rule)!.learningRate / expected)) / spacing;

describe('on curves whose answer is known', () => {
  test('steepest finds the steepest point by ln rate, to one point of the grid', () => {
    expect(off(curve(usual), 'steepest', 1e-3)).toBeLessThanOrEqual(1);
  });

  test('minimum is a tenth of the rate with the lowest loss', () => {
    // A parabola in u: a symmetric kernel leaves its lowest point where it is.
    expect(
      off(
        curve((u) => (u - centre) ** 2),
        'minimum',
        1e-4,
      ),
    ).toBeLessThanOrEqual(0.51);
  });

  test('valley is the middle of the descent', () => {
    // Flat to 1e-5, straight down to 1e-1, up again as fast: the middle is 1e-3. The kernel rounds
    // each bend over 5 points to either side, which may move each end of the descent by that much.
    const points = curve((u) => {
      const [a, b] = [Math.log(1e-5), Math.log(1e-1)];
      return u <= a ? 1 : u <= b ? 1 - (0.9 * (u - a)) / (b - a) : 0.1 + (0.9 * (u - b)) / (b - a);
    });
    expect(off(points, 'valley', 1e-3)).toBeLessThanOrEqual(6);
  });

  test('slide stops where the curve has become straight, below the bend', () => {
    // Straight down to 1e-2, then straight up: the interval must have left the bend behind, and not gone further than
    // its own width and the kernel's beyond it.
    const bend = Math.log(1e-2);
    const points = curve((u) => (u < bend ? -u / 20 : -bend / 20 + 2 * (u - bend)));
    const pick = suggestLearningRate(points, 'slide')!.learningRate;
    expect(pick).toBeLessThan(1e-2);
    expect(Math.log(1e-2 / pick) / spacing).toBeLessThan(0.15 * count + 30);
  });
});

describe('the curve is not led astray', () => {
  const rules = ['steepest', 'minimum', 'valley', 'slide'] as const;
  const clean = curve(usual);

  test.each(rules)('by NaN and Infinity: %s', (rule) => {
    const holed = clean.map((point, i) =>
      i % 17 === 5 ? { ...point, loss: Number.NaN } : i > 195 ? { ...point, loss: Infinity } : point,
    );
    const [one, other] = [suggestLearningRate(clean, rule)!, suggestLearningRate(holed, rule)!];
    expect(other.smoothed.every(Number.isFinite)).toBe(true);
    // A hole moves the average of its neighbours by less than the curve changes over the kernel: a few points.
    expect(Math.abs(Math.log(one.learningRate / other.learningRate)) / spacing).toBeLessThanOrEqual(6);
  });

  test.each(rules)('by the height of the divergence: %s', (rule) => {
    const high = clean.map((point) => (point.learningRate > 5 ? { ...point, loss: 1e30 } : point));
    const [one, other] = [suggestLearningRate(clean, rule)!, suggestLearningRate(high, rule)!];
    expect(other.index).toBe(one.index);
  });

  test.each(rules)('by the unit and the origin of the loss: %s', (rule) => {
    const moved = clean.map(({ learningRate, loss }) => ({ learningRate, loss: 8 * loss - 64 }));
    // Powers of two: the same numbers to rounding of the shift.
    expect(suggestLearningRate(moved, rule)!.index).toBe(suggestLearningRate(clean, rule)!.index);
  });

  test('by sampling: half the points at uneven places give nearly the same steepest rate', () => {
    const uneven = clean.filter((_, i) => i % 3 !== 1);
    expect(off(uneven, 'steepest', 1e-3)).toBeLessThanOrEqual(3);
  });
});

test('there is nothing to suggest where the loss never falls', () => {
  const rising = curve((u) => u);
  expect(suggestLearningRate(rising, 'steepest')).toBeUndefined();
  expect(suggestLearningRate(rising, 'valley', { smoothing: 0 })).toBeUndefined();
  expect(
    suggestLearningRate(
      curve(() => 1),
      'slide',
    ),
  ).toBeUndefined();
});

test.each([
  [
    () => suggestLearningRate(curve(usual).slice(0, 5)),
    'points must be at least 8 points with a finite loss; received 5',
  ],
  [
    () => suggestLearningRate(curve(usual).toReversed()),
    'points[1].learningRate must be a number > 0 and > the one before',
  ],
  [
    () => suggestLearningRate(curve(usual), 'best' as 'valley'),
    'rule must be one of "steepest", "minimum", "valley", "slide"',
  ],
  [
    () => suggestLearningRate(curve(usual), 'valley', { smoothing: 1 }),
    'smoothing must be a number in [0, 1); received 1',
  ],
])('wrong input is refused by one sentence', (action, message) => {
  expect(action).toThrow(message);
});

test('a long test is picked in time that grows as n·log n, and without deep recursion', () => {
  const points = Array.from({ length: 100_000 }, (_, i) => ({
    learningRate: 1e-7 * Math.exp(i * 1.8e-4),
    loss: 3 + Math.sin(i) - i * 1e-6,
  }));
  expect(suggestLearningRate(points, 'valley')).toBeDefined();
});
