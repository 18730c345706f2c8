import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curve, decayShapes, scheduleOf, usualControls, type Controls } from './controls.ts';

const anyControls: fc.Arbitrary<Controls> = fc.record({
  peakRate: fc.double({ min: 1e-3, max: 3, noNaN: true }),
  warmupPercent: fc.integer({ min: 0, max: 50 }),
  decayPercent: fc.integer({ min: 0, max: 100 }),
  decayShape: fc.constantFrom(...decayShapes),
});

test('whatever the sliders say, the rate never leaves (0, peak] before the end', () => {
  fc.assert(
    fc.property(anyControls, (controls) => {
      const values = curve(scheduleOf(controls, 600), 600).slice(0, -1);
      expect(Math.min(...values)).toBeGreaterThan(0);
      // One rounding of the convex combination may exceed the peak by an ulp.
      expect(Math.max(...values)).toBeLessThanOrEqual(controls.peakRate * (1 + 2 ** -52));
    }),
  );
});

test('warms up, holds, and decays where the sliders say', () => {
  const schedule = scheduleOf({ ...usualControls, peakRate: 0.5, warmupPercent: 10, decayPercent: 50 }, 1000);
  expect([100, 300, 550, 1000].map(schedule)).toEqual([0.5, 0.5, 0.5, 0]);
  expect(schedule(99)).toBeLessThan(0.5);
  expect(schedule(560)).toBeLessThan(0.5);
});

test('no warm-up and no decay is a constant', () => {
  const schedule = scheduleOf({ ...usualControls, warmupPercent: 0, decayPercent: 0 }, 100);
  expect(schedule.toJSON()).toEqual({ type: 'constant', value: usualControls.peakRate });
});
