import { expect, test } from 'vitest';
import {
  constant,
  cosineDecay,
  endBesideRun,
  exponentialDecay,
  inverseSqrtDecay,
  linear,
  multiStepDecay,
  oneCycle,
  perEpoch,
  stableDecay,
  stepDecay,
  warmup,
  type Schedule,
} from '../index.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });

/** Schedules that end by coming down, whatever else they do. */
test.each<[string, Schedule, number]>([
  ['cosineDecay', cosine, 100],
  ['cosineDecay to a floor', cosineDecay({ initValue: 0.1, decaySteps: 100, endValue: 0.01 }), 100],
  ['linear', linear({ initValue: 1, endValue: 0, decaySteps: 100 }), 100],
  ['linear to its half', linear({ initValue: 1, endValue: 0.5, decaySteps: 100 }), 100],
  ['after a warm-up', warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.1, decaySteps: 90 }) }), 100],
  ['oneCycle, whose last update has its end', oneCycle({ peakValue: 1, totalSteps: 100 }), 99],
])('%s: later than a shorter run, earlier than a much longer one', (_, schedule, end) => {
  const at = (steps: number): string | undefined => endBesideRun(schedule, steps)?.when;
  expect([at(end - 1), at(end / 2), at(1)]).toEqual(['later', 'later', 'later']);
  expect([at(end), at(end + 1), at(1.1 * end)]).toEqual([undefined, undefined, undefined]);
  expect([at(1.2 * end), at(1000 * end)]).toEqual(['earlier', 'earlier']);
  expect(endBesideRun(schedule, 1000 * end)!.step).toBeCloseTo(end, 6);
});

test.each<[string, Schedule]>([
  ['constant', constant({ value: 0.1 })],
  ['a constant after a warm-up', warmup({ warmupSteps: 100, schedule: 0.1 })],
  ['exponentialDecay', exponentialDecay({ initValue: 0.1, decaySteps: 100, gamma: 0.5 })],
  ['inverseSqrtDecay', inverseSqrtDecay({ initValue: 0.1, timescaleSteps: 10 })],
  ['multiStepDecay', multiStepDecay({ initValue: 0.1, boundaries: [30, 60], dropFactor: 0.1 })],
  ['stepDecay', stepDecay({ initValue: 0.1, dropFactor: 0.5, dropSteps: 100 })],
  ['a staircase', perEpoch({ schedule: linear({ initValue: 1, endValue: 0, decaySteps: 10 }), stepsPerEpoch: 10 })],
])('%s suits a run of any greater length', (_, schedule) => {
  expect([120, 1000, 1e6].map((steps) => endBesideRun(schedule, steps))).toEqual([undefined, undefined, undefined]);
});

test('a staircase and a cool-down that the run does not reach', () => {
  const staircase = multiStepDecay({ initValue: 0.1, boundaries: [30, 60], dropFactor: 0.1 });
  expect(endBesideRun(staircase, 50)).toEqual({ when: 'later', step: 60, value: staircase(60) });
  expect(endBesideRun(staircase, 60)).toBeUndefined();
  const stable = stableDecay({ initValue: 0.1, stableSteps: 80, decaySteps: 20 });
  expect(endBesideRun(stable, 70)!.when).toBe('later');
});
