import { describe, expect, test } from 'vitest';
import {
  constant,
  cosineDecay,
  createScheduler,
  linear,
  parsePlan,
  planToJSON,
  reduceOnPlateau,
  type Controller,
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

describe('restoring', () => {
  const use = reduceOnPlateau({ patience: 0 });
  const bare: Plan = { learningRate: { schedule: (step) => 1 / (1 + step), controllers: { 'a/b': { use } } } };

  test('under a plan with a bare function takes the controllers along', () => {
    const first = createScheduler(bare);
    for (let i = 0; i < 3; i += 1) {
      first.advance();
      first.report({ loss: 1 });
    }
    const second = createScheduler(bare);
    expect(() => second.restore(first.state())).toThrow('a plan with a bare function cannot be compared');
    second.restore(JSON.parse(JSON.stringify(first.state())), { onPlanChange: 'takeNew' });
    expect(second.values()).toEqual(first.values());
    expect(second.values().learningRate).toBeCloseTo(0.01 / 4, 15);
  });

  test('takes along under a new plan only the controllers that stand unchanged', () => {
    const plan = (patience: number): Plan => ({
      learningRate: { schedule: 0.1, controllers: { same: { use }, other: { use: reduceOnPlateau({ patience }) } } },
    });
    const first = createScheduler(plan(0));
    for (let i = 0; i < 2; i += 1) {
      first.advance();
      first.report({ loss: 1 });
    }
    const second = createScheduler(plan(7));
    second.restore(first.state(), { onPlanChange: 'takeNew' });
    expect(second.state().controllers).toEqual({
      'learningRate/same': first.state().controllers['learningRate/same'],
      'learningRate/other': reduceOnPlateau({}).init(),
    });
  });

  test.each<[string, (state: Record<string, unknown>) => unknown, string]>([
    ['nothing', () => null, 'the state must be an object'],
    ['a later version', (state) => ({ ...state, version: 2 }), "the state's version must be 1; received 2"],
    [
      'a step that is text',
      (state) => ({ ...state, step: '40' }),
      'the state\'s step must be an integer >= 0; received "40"',
    ],
    ['no controllers', (state) => ({ ...state, controllers: {} }), 'the state lacks the controller "learningRate/p"'],
    [
      'a controller of another form',
      (state) => ({ ...state, controllers: { 'learningRate/p': { best: 1 } } }),
      'holds a state that does not fit the controller "learningRate/p"',
    ],
    [
      'an anneal of no steps',
      (state) => ({ ...state, annealing: { since: 0, steps: 0, endFactor: 0, shape: 'linear', startValues: {} } }),
      'annealing.steps must be a number > 0; received 0',
    ],
    [
      'an anneal of no shape',
      (state) => ({ ...state, annealing: { since: 0, steps: 1, endFactor: 0, shape: 'toString', startValues: {} } }),
      'annealing.shape must be one of',
    ],
  ])('from a state with %s is refused, and nothing changes', (_, damage, message) => {
    const plan: Plan = { learningRate: { schedule: 0.1, controllers: { p: { use } } } };
    const scheduler = createScheduler(plan, { startStep: 7 });
    const before = scheduler.state();
    const damaged = damage(JSON.parse(JSON.stringify(before))) as typeof before;
    expect(() => scheduler.restore(damaged)).toThrow(message);
    expect(scheduler.state()).toEqual(before);
  });

  test('with a policy that does not exist is refused', () => {
    const state = createScheduler(0.1).state();
    expect(() => createScheduler(0.2).restore(state, { onPlanChange: 'merge' as 'refuse' })).toThrow(
      'onPlanChange must be one of "refuse", "takeNew", "takeOld"; received "merge"',
    );
  });

  test('sets the step under a clock that begins anew', () => {
    const state = createScheduler(cosine, { startStep: 40 }).state();
    let iterations = 0;
    const scheduler = createScheduler(cosine, { clock: () => iterations });
    scheduler.restore(state);
    iterations = 10;
    expect(scheduler.step).toBe(50);
  });
});

describe('a group that joins late', () => {
  const plan: Plan = {
    learningRate: linear({ initValue: 1, decaySteps: 100 }),
    momentum: 0.9,
    weightDecay: 0.1,
    groups: {
      own: {
        from: 10,
        momentum: linear({ initValue: 0.5, endValue: 0.9, decaySteps: 10 }),
        learningRate: {
          schedule: 0.2,
          controllers: { p: { use: reduceOnPlateau({ patience: 0, reduceFactor: 0.5 }), from: 2 } },
        },
      },
      shared: { from: 10 },
    },
  };

  test('is frozen until then, runs its own tracks on its own clock and shares the rest', () => {
    const scheduler = createScheduler(plan);
    expect(scheduler.values(9).groups).toEqual({
      own: { learningRate: 0, momentum: 0.5, weightDecay: 0 },
      shared: { learningRate: 0, momentum: 0.9, weightDecay: 0 },
    });
    expect(scheduler.values(15).groups).toEqual({
      own: { learningRate: 0.2, momentum: 0.7, weightDecay: 0.1 },
      shared: { learningRate: 0.85, momentum: 0.9, weightDecay: 0.1 },
    });
  });

  test('opens the windows of its controllers by its own clock', () => {
    const scheduler = createScheduler(plan, { startStep: 11 });
    expect([scheduler.monitors().size, scheduler.monitors(1).size]).toEqual([0, 1]);
    for (let i = 0; i < 3; i += 1) {
      scheduler.report({ loss: 1 });
      scheduler.advance();
    }
    // Reports at its steps 1 (before the window), 2 (the best), 3 (reduces).
    expect(scheduler.values().groups!['own']!.learningRate).toBe(0.1);
  });

  test('stays frozen where all is annealed before it joins', () => {
    const scheduler = createScheduler(plan);
    scheduler.anneal({ steps: 4, endFactor: 0.5 });
    expect(scheduler.values(20).groups!['own']!.learningRate).toBe(0);
    expect(scheduler.values(20)).toMatchObject({ learningRate: 0.5, groups: { shared: { learningRate: 0.5 } } });
  });
});

describe('reports', () => {
  const plan: Plan = {
    learningRate: {
      schedule: 0.1,
      controllers: { p: { use: reduceOnPlateau({ monitor: 'constructor', patience: 0 }) } },
    },
  };

  test('are read by their own names only', () => {
    const scheduler = createScheduler(plan);
    scheduler.report({ loss: 3 });
    expect(scheduler.state().controllers['learningRate/p']).toEqual(reduceOnPlateau({}).init());
    scheduler.report({ constructor: 3 });
    expect(scheduler.state().controllers['learningRate/p']).toMatchObject({ best: 3 });
  });

  test('that are no numbers are refused, and nothing is observed', () => {
    const scheduler = createScheduler(plan);
    const before = scheduler.state();
    expect(() => scheduler.report({ constructor: '3' } as unknown as Record<string, number>)).toThrow(
      'report: constructor must be a number; received "3"',
    );
    expect(scheduler.state()).toEqual(before);
  });
});

test.each([-1, 0.5, Number.NaN, Infinity, '3'])('advancing by %s is refused', (updates) => {
  expect(() => createScheduler(cosine).advance(updates as number)).toThrow('advance: updates must be an integer >= 0');
});

test('a listener hears of every change until it is done', () => {
  const heard: number[] = [];
  const scheduler = createScheduler(cosine);
  const done = scheduler.subscribe(({ step }) => heard.push(step));
  scheduler.advance();
  scheduler.anneal({ steps: 1, endFactor: 0 });
  done();
  scheduler.advance();
  expect(heard).toEqual([1, 1]);
});

test('annealing from 0 stays at 0 in every shape, and wrong requests are refused', () => {
  const scheduler = createScheduler(linear({ initValue: 1, decaySteps: 5 }), { startStep: 5 });
  scheduler.anneal({ steps: 4, endFactor: 0.5, shape: 'exponential' });
  expect([5, 7, 9].map((step) => scheduler.values(step).learningRate)).toEqual([0, 0, 0]);
  expect(() => scheduler.anneal({ steps: '4' as unknown as number, endFactor: 0 })).toThrow(
    'anneal: steps must be a number > 0; received "4"',
  );
  expect(() => scheduler.anneal({ steps: 4, endFactor: -1 })).toThrow(
    'anneal: endFactor must be a number >= 0; received -1',
  );
  expect(() => scheduler.anneal({ steps: 4, endFactor: 0, shape: 'exponential' })).toThrow(
    'endFactor must be a number > 0 for the exponential shape',
  );
});

test('annealing on demand starts from the value in force and ends exactly where asked', () => {
  const scheduler = createScheduler(constant({ value: 0.08 }), { startStep: 10 });
  scheduler.anneal({ steps: 4, endFactor: 0.25 });
  expect([9, 10, 12, 14, 99].map((step) => scheduler.values(step).learningRate)).toEqual([
    0.08, 0.08, 0.05, 0.02, 0.02,
  ]);
});

describe('values that have not changed', () => {
  const scheduler = createScheduler({
    learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({ patience: 0 }), from: 1 } } },
    momentum: linear({ initValue: 0.9, endValue: 0.5, decaySteps: 4 }),
    groups: { still: { learningRate: 1, momentum: 0 }, moving: { from: 2, learningRate: 1 } },
  });
  const at = (step?: number): StepValues => scheduler.values(step);

  test('are the very object of before, group by group', () => {
    const [first, second] = [at(0), at(1)];
    expect(at(1)).toBe(second);
    expect(second).not.toBe(first);
    expect(second.groups!['still']).toBe(first.groups!['still']);
    expect([first.momentum, second.momentum]).toEqual([0.9, 0.8]);
    expect(at(100)).toBe(at(101));
    expect(at(1)).toEqual(second);
    expect(at(2).groups!['moving']).toEqual({ learningRate: 1, momentum: 0.7 });
    expect(second.groups!['moving']).toEqual({ learningRate: 0, momentum: 0.8 });
  });

  test('are others as soon as a report, an anneal, a restored state or a clock has moved them', () => {
    const state = scheduler.state();
    scheduler.advance(5);
    const before = at();
    scheduler.report({ loss: 1 });
    expect(at()).toBe(before);
    scheduler.report({ loss: 1 });
    expect([before.learningRate, at().learningRate]).toEqual([0.1, 0.010000000000000002]);
    expect(at().groups).toBe(before.groups);
    scheduler.anneal({ steps: 10, endFactor: 0 });
    expect([at(10).learningRate, at(10).groups!['still']!.learningRate]).toEqual([0.005000000000000001, 0.5]);
    scheduler.restore(state);
    expect([scheduler.step, at(10).learningRate]).toEqual([0, 0.1]);
    let counter = 0;
    const clocked = createScheduler(linear({ initValue: 1, decaySteps: 4 }), { clock: () => counter });
    const rates = [0, 1, 1, 4].map((step) => {
      counter = step;
      return clocked.values().learningRate;
    });
    expect(rates).toEqual([1, 0.75, 0.75, 0]);
  });
});

test('nothing finite becomes infinite on the way: neither under controllers nor in an anneal', () => {
  const growing: Controller = {
    ...reduceOnPlateau({}),
    init: () => null,
    observe: (state) => state,
    factor: () => 1e300,
  };
  const learningRate = { schedule: 1e300, controllers: { one: { use: growing }, other: { use: growing } } };
  const scheduler = createScheduler({ learningRate, groups: { head: { learningRate: 1e-300 } } });
  scheduler.report({ loss: 1 });
  expect(scheduler.values().learningRate).toBe(Number.MAX_VALUE);
  scheduler.anneal({ steps: 10, endFactor: 1e308, shape: 'exponential' });
  for (const step of [0, 1, 5, 9.5, 10, 1e12]) {
    const { learningRate: base, groups } = scheduler.values(step);
    expect([base, groups!['head']!.learningRate].filter((value) => !Number.isFinite(value))).toEqual([]);
  }
});
