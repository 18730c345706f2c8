import { describe, expect, test } from 'vitest';
import { caught } from '../../test/caught.ts';
import {
  cosineDecay,
  createScheduler,
  layerwiseDecay,
  linear,
  planToJSON,
  reduceOnPlateau,
  resolvePlan,
  type Controller,
  type Plan,
} from '../index.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });
const plateau = { use: reduceOnPlateau({}) };

describe('a plan that is wrong is refused by one sentence with its place', () => {
  test.each<[unknown, string, string]>([
    [null, 'plan must be a schedule, a number or an object with learningRate; received null', ''],
    [[0.1], 'plan must be a schedule, a number or an object with learningRate; received an array of 1', ''],
    [{ momentum: 0.9 }, 'plan must be a schedule, a number or an object with learningRate; received an object', ''],
    [{ learningRate: undefined }, 'plan: learningRate is required', '/learningRate'],
    [-1, 'plan: learningRate must be a schedule, a number >= 0 or a track; received -1', '/learningRate'],
    ['0.1', 'plan must be a schedule, a number or an object with learningRate; received "0.1"', ''],
    [
      { learningRate: '0.1' },
      'plan: learningRate must be a schedule, a number >= 0 or a track; received "0.1"',
      '/learningRate',
    ],
    [
      { learningRate: 0.1, momentun: 0.9 },
      'plan: unknown track "momentun", write momentum; known: learningRate, momentum, beta1, beta2, weightDecay',
      '/momentun',
    ],
    [{ learningRate: 0.1, groups: [] }, 'plan: groups must be an object; received an array of 0', '/groups'],
    [{ learningRate: 0.1, groups: { head: 0.1 } }, 'plan: groups/head must be an object; received 0.1', '/groups/head'],
    [{ learningRate: 0.1, groups: { '': {} } }, 'plan: groups may not hold the name ""', '/groups'],
    [
      { learningRate: 0.1, groups: JSON.parse('{"__proto__": {}}') },
      'plan: groups may not hold the name "__proto__"',
      '/groups',
    ],
    [
      { learningRate: 0.1, groups: { 'a/b': { lr: 1 } } },
      'plan: unknown track "lr", write learningRate; known: learningRate, momentum, beta1, beta2, weightDecay',
      '/groups/a~1b/lr',
    ],
    [
      { learningRate: 0.1, groups: { head: { from: '5' } } },
      'plan: groups/head: from must be a number >= 0; received "5"',
      '/groups/head/from',
    ],
    [
      { learningRate: { schedule: 0.1, controllers: { p: {} } } },
      'plan: learningRate/controllers/p: use must be a controller; received undefined',
      '/learningRate/controllers/p/use',
    ],
    [
      { learningRate: { schedule: 0.1, controllers: { p: { use: cosine } } } },
      'plan: learningRate/controllers/p: use must be a controller; received a function',
      '/learningRate/controllers/p/use',
    ],
    [
      { learningRate: { schedule: 0.1, controllers: { p: { ...plateau, from: Infinity } } } },
      'plan: learningRate/controllers/p: from must be a number >= 0; received Infinity',
      '/learningRate/controllers/p/from',
    ],
    [
      { learningRate: { schedule: 0.1, controllers: { p: { ...plateau, from: 5, until: 5 } } } },
      'plan: learningRate/controllers/p: until must be a number > from; received 5',
      '/learningRate/controllers/p/until',
    ],
    [
      { learningRate: { schedule: 0.1, controllers: { p: { ...plateau, until: '9' } } } },
      'plan: learningRate/controllers/p: until must be a number > from; received "9"',
      '/learningRate/controllers/p/until',
    ],
  ])('%#', (plan, message, path) => {
    const error = caught(() => createScheduler(plan as Plan));
    expect([error.message, error.path]).toEqual([message, path]);
  });
});

describe('the JSON form of a plan', () => {
  test('is canonical: fixed order, defaults and idle parts left out', () => {
    const given: Plan = {
      groups: { head: { weightDecay: 0.1, from: 0 } },
      momentum: { schedule: 0.9, controllers: {} },
      learningRate: { schedule: cosine, controllers: { plateau: { use: reduceOnPlateau({ patience: 10 }), from: 0 } } },
    };
    expect(JSON.stringify(planToJSON(given))).toBe(
      '{"learningRate":{"schedule":{"type":"cosineDecay","initValue":0.1,"decaySteps":100},' +
        '"controllers":{"plateau":{"use":{"type":"reduceOnPlateau"}}}},"momentum":0.9,"groups":{"head":{"weightDecay":0.1}}}',
    );
  });

  test('is refused with the place of a bare function or of a controller without a spec', () => {
    const { spec: _, ...bare } = reduceOnPlateau({}) as Controller & { spec: object };
    const controller = caught(() =>
      planToJSON({ learningRate: { schedule: 1, controllers: { mine: { use: bare as unknown as Controller } } } }),
    );
    expect([controller.code, controller.path]).toEqual(['function', '/learningRate/controllers/mine/use']);
    const schedule = caught(() =>
      planToJSON({
        learningRate: 1,
        groups: { g: { beta1: linear({ initValue: 1, decaySteps: 2 }), momentum: () => 1 } },
      }),
    );
    expect([schedule.code, schedule.path]).toEqual(['function', '/groups/g/momentum']);
  });
});

test('what a group leaves out is the very track of the plan, so that it is controlled once', () => {
  const { base, groups } = resolvePlan({ learningRate: cosine, momentum: 0.9, groups: { head: { learningRate: 1 } } });
  expect(groups!['head']!.momentum).toBe(base.momentum);
  expect(groups!['head']!.learningRate).not.toBe(base.learningRate);
});

describe('layer-wise decay', () => {
  test('gives the last group the base rate and each one before it a factor of its successor’s', () => {
    const scheduler = createScheduler({ learningRate: cosine, groups: layerwiseDecay(['a', 'b', 'c'], 0.5, cosine) });
    const rates = Object.values(scheduler.values(50).groups!).map(({ learningRate }) => learningRate);
    expect(rates).toEqual([cosine(50) / 4, cosine(50) / 2, cosine(50)]);
    expect(planToJSON(scheduler.plan).groups!['a']).toEqual({
      learningRate: { type: 'scale', schedule: cosine.spec, factor: 0.25 },
    });
  });

  test.each<[readonly string[], number, string]>([
    [[], 0.5, 'names must be a list of at least one name; received an array of 0'],
    [['a', 'b', 'a'], 0.5, 'names must be names that differ; received "a"'],
    [['a'], 0, 'factor must be a number in (0, 1]; received 0'],
    [['a'], 1.5, 'factor must be a number in (0, 1]; received 1.5'],
  ])('refuses %j with %d', (names, factor, message) => {
    expect(() => layerwiseDecay(names, factor, 0.1)).toThrow(`layerwiseDecay: ${message}`);
  });
});
