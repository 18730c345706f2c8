import { cosineDecay, linear, stableDecay } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { lastIterateBound } from '../bound/lastIterateBound.ts';
import { transferPeak } from './transferPeak.ts';

const schedule = linear({ initValue: 0.1, endValue: 0, decaySteps: 1000 });

describe('a peak', () => {
  test('falls as the root of the length', () => {
    const { peak, factor } = transferPeak(schedule, { from: 1000, to: 16_000 });
    // 1/4 but for what falls as ln T / T.
    expect(Math.abs(factor - 0.25)).toBeLessThan(Math.log(1000) / 1000);
    expect(peak).toBeCloseTo(0.1 * factor, 14);
  });

  test('back and forth is the same', () => {
    const { factor } = transferPeak(schedule, { from: 1000, to: 3000 });
    const long = linear({ initValue: 7, endValue: 0, decaySteps: 3000 });
    expect(factor * transferPeak(long, { from: 3000, to: 1000 }).factor).toBeCloseTo(1, 12);
  });

  test('grows with the length of the cool-down, whatever peak the other is written with', () => {
    const short = stableDecay({ initValue: 0.1, stableSteps: 900, decaySteps: 100 });
    const long = (initValue: number) => stableDecay({ initValue, stableSteps: 500, decaySteps: 500 });
    const { peak } = transferPeak(short, { from: 1000, to: { schedule: long(1), steps: 1000 } });
    expect(peak).toBeGreaterThan(0.11);
    expect(transferPeak(short, { from: 1000, to: { schedule: long(30), steps: 1000 } }).peak).toBeCloseTo(peak, 12);
    const best = (one: (t: number) => number) => lastIterateBound(one, { steps: 1000, at: [1000] }).bestPeak;
    expect(peak / 0.1).toBeCloseTo(best(long(1)) / best(short), 12);
  });

  const cosine = cosineDecay({ initValue: 0.1, decaySteps: 10 });
  test.each([
    [{ from: 0, to: 5 }, 'transferPeak: from: steps must be an integer'],
    [{ from: 5, to: 0.5 }, 'transferPeak: to: steps must be an integer'],
    [{ from: 5, to: null }, 'to must be a number of updates, or { schedule, steps }; received null'],
    [{ from: 5, to: { schedule: 0, steps: 5 } }, 'above 0 somewhere in both runs'],
    [{ from: 5, to: 9, gradientNorm: [1, 2] }, 'gradientNorm must be a number or a function of the step'],
    [{ from: 5, steps: 9 }, 'unknown option "steps"'],
  ])('is refused for %j', (options, sentence) => {
    expect(() => transferPeak(cosine, options as never)).toThrow(sentence);
  });
});
