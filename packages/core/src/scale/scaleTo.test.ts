import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  createScheduler,
  exponentialDecay,
  multiStepDecay,
  noise,
  parsePlan,
  planToJSON,
  reduceOnPlateau,
  scaleTo,
  sequence,
  warmup,
  type Plan,
  type Schedule,
} from '../index.ts';

const scaled = (plan: Schedule | number | Plan, from: number, to: number): Plan =>
  scaleTo(plan, { from, to, parse: parsePlan });

test('the scaled plan at step t is the plan at step t·from/to', () => {
  const plan: Plan = {
    learningRate: sequence({
      schedules: [
        warmup({ warmupSteps: 10, startFactor: 0.1, schedule: cosineDecay({ initValue: 0.1, decaySteps: 50 }) }),
        exponentialDecay({ initValue: 0.05, gamma: 0.9 }),
      ],
      boundaries: [60],
    }),
    momentum: multiStepDecay({ initValue: 0.9, boundaries: [30, 80] }),
    groups: { head: { from: 20, learningRate: 0.2, weightDecay: cosineDecay({ initValue: 0.1, decaySteps: 9 }) } },
  };
  // Powers of two: scaling and its inverse are exact.
  const [one, other] = [createScheduler(plan), createScheduler(scaled(plan, 100, 400))];
  for (let step = 0; step <= 120; step += 1) expect(other.values(4 * step)).toEqual(one.values(step));
});

describe('what counts steps is scaled', () => {
  test('windows of controllers and durations inside them', () => {
    const plan: Plan = {
      learningRate: {
        schedule: 0.1,
        controllers: { p: { use: reduceOnPlateau({ patience: 5 }), from: 10, until: 90 } },
      },
    };
    expect(planToJSON(scaled(plan, 100, 50)).learningRate).toMatchObject({
      controllers: { p: { use: { type: 'reduceOnPlateau', patience: 5 }, from: 5, until: 45 } },
    });
  });

  test('a duration that is left out, but not one that says never', () => {
    expect(planToJSON(scaled(exponentialDecay({ initValue: 1, gamma: 0.9 }), 10, 20)).learningRate).toMatchObject({
      decaySteps: 2,
    });
    const undisturbed = noise({ schedule: 0.1, amount: 0.1, fromSteps: 10 });
    expect(planToJSON(scaled(undisturbed, 10, 20)).learningRate).toEqual({ ...undisturbed.spec, fromSteps: 20 });
  });

  test('numbers of other things stay', () => {
    expect(planToJSON(scaled(0.1, 10, 1000))).toEqual({ learningRate: 0.1 });
  });
});

test.each([
  [{ from: 0, to: 10 }, 'scaleTo: from must be a number > 0; received 0'],
  [{ from: 10, to: Number.NaN }, 'scaleTo: to must be a number > 0; received NaN'],
])('%j is refused', (lengths, message) => {
  expect(() => scaleTo(0.1, { ...lengths, parse: parsePlan })).toThrow(message);
});

test('a bare function has no durations to scale', () => {
  expect(() => scaled((step) => step, 1, 2)).toThrow('/learningRate is a bare function');
});
