import { describe, expect, test } from 'vitest';
import {
  constant,
  cosineDecay,
  createScheduler,
  linear,
  parsePlan,
  planToJSON,
  reduceOnPlateau,
  type Plan,
  type StepValues,
} from '../index.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });

describe('the one counter', () => {
  test('is the scheduler’s own without a clock', () => {
    const scheduler = createScheduler(cosine);
    scheduler.advance();
    scheduler.advance(49);
    expect(scheduler.step).toBe(50);
    expect(scheduler.values().learningRate).toBeCloseTo(0.05, 15);
    expect(scheduler.values(100).learningRate).toBe(0);
  });

  test('is the framework’s where it has one', () => {
    let iterations = 7;
    const scheduler = createScheduler(cosine, { clock: () => iterations });
    iterations += 3;
    expect(scheduler.step).toBe(10);
    expect(() => scheduler.advance()).toThrow('advances by itself');
  });

  test('hands the first values to apply at once and the next after each advance', () => {
    const applied: StepValues[] = [];
    const scheduler = createScheduler(linear({ initValue: 1, decaySteps: 4 }), {
      apply: (values) => applied.push(values),
    });
    scheduler.advance();
    scheduler.advance();
    expect(applied).toEqual([{ learningRate: 1 }, { learningRate: 0.75 }, { learningRate: 0.5 }]);
    expect(() => createScheduler(scheduler, { clock: () => 0 })).toThrow('already drives something');
  });
});

test('a group takes from the plan what it leaves out', () => {
  const plan: Plan = {
    learningRate: 0.1,
    momentum: 0.9,
    groups: { head: { learningRate: linear({ initValue: 1, decaySteps: 10 }) } },
  };
  expect(createScheduler(plan).values(5)).toEqual({
    learningRate: 0.1,
    momentum: 0.9,
    groups: { head: { learningRate: 0.5, momentum: 0.9 } },
  });
});

describe('controllers', () => {
  const plan: Plan = {
    learningRate: {
      schedule: 0.1,
      controllers: { plateau: { use: reduceOnPlateau({ reduceFactor: 0.5, patience: 1 }), from: 2 } },
    },
  };

  test('ignore reports outside their window, act inside, and name what they read', () => {
    const scheduler = createScheduler(plan);
    expect([...scheduler.monitors()]).toEqual([]);
    expect([...scheduler.monitors(2)]).toEqual(['loss']);
    const rates: number[] = [];
    for (let step = 0; step < 8; step += 1) {
      rates.push(scheduler.values().learningRate);
      scheduler.advance();
      scheduler.report({ loss: 1 });
    }
    // Reports at steps 2 (best), 3, 4 (reduces), 5, 6 (reduces), 7.
    expect(rates).toEqual([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025]);
  });

  test('go on from a saved state as if never interrupted', () => {
    const whole = createScheduler(plan);
    const first = createScheduler(plan);
    const metrics = [5, 4, 4, 4, Number.NaN, 3, 3, 3, 3, 2];
    const run = (scheduler: typeof whole, from: number, to: number): number[] =>
      metrics.slice(from, to).map((loss) => {
        scheduler.advance();
        scheduler.report({ loss });
        return scheduler.values().learningRate;
      });
    const expected = run(whole, 0, 10);
    const before = run(first, 0, 6);
    const second = createScheduler(parsePlan(JSON.parse(JSON.stringify(plan))));
    second.restore(JSON.parse(JSON.stringify(first.state())));
    expect([...before, ...run(second, 6, 10)]).toEqual(expected);
  });
});

describe('restoring under another plan', () => {
  const saved = createScheduler(cosine, { startStep: 40 }).state();
  const other = linear({ initValue: 0.1, decaySteps: 100 });

  test('is refused with the place where the plans differ', () => {
    expect(() => createScheduler(other).restore(saved)).toThrow('differs from the saved one at /learningRate/type');
  });

  test('can take the new plan or the old one', () => {
    const taken = createScheduler(other);
    taken.restore(saved, { onPlanChange: 'takeNew' });
    expect([taken.step, taken.values().learningRate]).toEqual([40, other(40)]);
    const reverted = createScheduler(other);
    reverted.restore(saved, { onPlanChange: 'takeOld', parse: parsePlan });
    expect(planToJSON(reverted.plan)).toEqual({ learningRate: cosine.spec });
  });
});

test('annealing on demand starts from the value in force and ends exactly where asked', () => {
  const scheduler = createScheduler(constant({ value: 0.08 }), { startStep: 10 });
  scheduler.anneal({ steps: 4, endFactor: 0.25 });
  expect([9, 10, 12, 14, 99].map((step) => scheduler.values(step).learningRate)).toEqual([
    0.08, 0.08, 0.05, 0.02, 0.02,
  ]);
});
