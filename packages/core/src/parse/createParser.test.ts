import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caught } from '../../test/caught.ts';
import {
  controllerDefinitions,
  cosineDecay,
  createParser,
  createScheduler,
  linear,
  parsePlan,
  planToJSON,
  scheduleDefinitions,
  ScheduleError,
  warmup,
} from '../index.ts';

const digits = {
  type: 'warmup',
  warmupSteps: '10%',
  schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '5ep' },
};

describe('a schedule from JSON', () => {
  test('resolves epochs and percentages by the horizon', () => {
    const plan = parsePlan(digits, { totalSteps: 1000, stepsPerEpoch: 20 });
    expect(planToJSON(plan)).toEqual({
      learningRate: {
        type: 'warmup',
        warmupSteps: 100,
        schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: 100 },
      },
    });
  });

  test.each([
    [
      { type: 'cosineDecay', initValue: 0.1, decaySteps: 0 },
      'cosineDecay: decaySteps must be a number > 0; received 0',
      '/decaySteps',
    ],
    [
      { type: 'cosineDecay', initValue: Number.NaN, decaySteps: 9 },
      'cosineDecay: initValue must be a number >= 0; received NaN',
      '/initValue',
    ],
    [{ type: 'cosineDecay', initValue: 0.1 }, 'cosineDecay: decaySteps is required: a number > 0', '/decaySteps'],
    [{ type: 'constant', value: 0.1, tmax: 1 }, 'constant: unknown option "tmax"; known: value', '/tmax'],
    [
      { ...digits, schedule: 0.1 },
      'warmup: warmupSteps "10%" needs a horizon: totalSteps is not known here',
      '/warmupSteps',
    ],
    [
      { ...digits, warmupSteps: 5 },
      'cosineDecay: decaySteps "5ep" needs a horizon: stepsPerEpoch is not known here',
      '/schedule/decaySteps',
    ],
    [
      { type: 'warmup', warmupSteps: 5, schedule: { type: 'constant', value: -1 } },
      'constant: value must be a number >= 0; received -1',
      '/schedule/value',
    ],
    [
      { learningRate: { type: 'constant', value: 1 }, momentun: 0.9 },
      'the input: unknown key "momentun", write momentum; a plan has learningRate, momentum, beta1, beta2, weightDecay',
      '/momentun',
    ],
    [() => 0.1, 'the input must be a schedule or a plan; received a function', ''],
    [
      { schedule: 1 },
      'the input: unknown key "schedule"; a plan has learningRate, momentum, beta1, beta2, weightDecay',
      '/schedule',
    ],
  ])('%j is refused by one sentence', (json, message, path) => {
    const error = caught(() => parsePlan(json));
    expect(error.message).toBe(message);
    expect(error.path).toBe(path);
  });

  test('a smaller parser knows its own definitions only', () => {
    const parse = createParser([cosineDecay, warmup]);
    expect(caught(() => parse({ type: 'linear', initValue: 1, decaySteps: 2 })).message).toBe(
      'the schedule: unknown type "linear"; known: cosineDecay, warmup',
    );
  });

  test('reads durations on an epoch’s clock in epochs', () => {
    const parse = (schedule: object): unknown =>
      planToJSON(
        parsePlan({ type: 'perEpoch', schedule, stepsPerEpoch: '1ep' }, { totalSteps: 1000, stepsPerEpoch: 20 }),
      ).learningRate;
    const expected = linear({ initValue: 1, decaySteps: 25 }).spec;
    for (const decaySteps of ['50%', '25ep', 25])
      expect(parse({ type: 'linear', initValue: 1, decaySteps })).toEqual({
        type: 'perEpoch',
        schedule: expected,
        stepsPerEpoch: 20,
      });
    expect(
      planToJSON(parsePlan({ type: 'perEpoch', schedule: expected, stepsPerEpoch: 20 }, { scale: 2 })).learningRate,
    ).toEqual({
      type: 'perEpoch',
      schedule: expected,
      stepsPerEpoch: 40,
    });
  });

  test.each([
    [{ totalSteps: 0 }, 'horizon: totalSteps must be a number > 0; received 0'],
    [{ totalSteps: '100' }, 'horizon: totalSteps must be a number > 0; received "100"'],
    [{ stepsPerEpoch: Infinity }, 'horizon: stepsPerEpoch must be a number > 0; received Infinity'],
    [{ scale: Number.NaN }, 'horizon: scale must be a number > 0; received NaN'],
  ])('a horizon of %j is refused', (horizon, message) => {
    expect(caught(() => parsePlan(digits, horizon as object)).message).toBe(message);
  });

  test.each([
    [
      '{"type":"constant","value":1,"__proto__":{"value":2}}',
      'constant: unknown option "__proto__"; known: value',
      '/__proto__',
    ],
    ['{"__proto__":{"type":"constant","value":1}}', 'the input: unknown key "__proto__"; a plan has', '/__proto__'],
    ['{"type":"__proto__"}', 'the schedule: unknown type "__proto__"; known:', '/type'],
    ['{"type":"constructor"}', 'the schedule: unknown type "constructor"; known:', '/type'],
    ['{"type":["constant"],"value":1}', 'the schedule: unknown type an array of 1; known:', '/type'],
    ['{"type":"constant","value":1,"toString":1}', 'constant: unknown option "toString"; known: value', '/toString'],
    ['{"learningRate":1,"groups":{"__proto__":{}}}', 'plan: groups may not hold the name "__proto__"', '/groups'],
    [
      '{"learningRate":{"schedule":1,"controllers":{"__proto__":{"use":{"type":"reduceOnPlateau"}}}}}',
      'may not hold the name "__proto__"',
      '/learningRate/controllers',
    ],
    [
      '{"learningRate":{"schedule":1,"controllers":{"p":{"use":{"type":"constant","value":1}}}}}',
      '/learningRate/controllers/p/use: unknown type "constant"; known:',
      '/learningRate/controllers/p/use/type',
    ],
    [
      '{"learningRate":{"schedule":1,"controllers":{"p":{"use":{"type":"reduceOnPlateau"},"from":"5"}}}}',
      'plan: learningRate/controllers/p: from must be a number >= 0; received "5"',
      '/learningRate/controllers/p/from',
    ],
    [
      '{"learningRate":{"schedule":1,"controllers":{"p":{"use":{"type":"reduceOnPlateau"},"from":null}}}}',
      'received null',
      '/learningRate/controllers/p/from',
    ],
    ['{"learningRate":1,"groups":{"a/b~c":{"lr":1}}}', '/groups/a~1b~0c: unknown key "lr"', '/groups/a~1b~0c/lr'],
    ['{"type":"constant","value":"1"}', 'constant: value must be a number >= 0; received "1"', '/value'],
    ['{"type":"constant","value":1e999}', 'constant: value must be a number >= 0; received Infinity', '/value'],
    [
      '{"type":"linear","initValue":1,"decaySteps":"1e9ep"}',
      'linear: decaySteps must be a number > 0; received "1e9ep"',
      '/decaySteps',
    ],
    [
      '{"type":"sequence","schedules":[1,{"type":"linear"}],"boundaries":[5]}',
      'linear: initValue is required: a number >= 0',
      '/schedules/1/initValue',
    ],
    ['{"type":"sequence","schedules":{"0":1},"boundaries":[]}', 'sequence: schedules must be a list', '/schedules'],
    ['{"type":"constant","value":1,"$schema":5}', '/$schema must be a string; received 5', '/$schema'],
    ['[]', 'the input must be a schedule or a plan; received an array of 0', ''],
    ['null', 'the input must be a schedule or a plan; received null', ''],
  ])('%s is met with a sentence', (text, message, path) => {
    const error = caught(() => parsePlan(JSON.parse(text)));
    expect(error.message).toContain(message);
    expect(error.path).toBe(path);
    expect(({} as Record<string, unknown>)['value']).toBeUndefined();
  });

  test('a cycle, which no JSON has, ends as well', () => {
    const loop: Record<string, unknown> = { type: 'warmup', warmupSteps: 1 };
    loop['schedule'] = loop;
    expect(caught(() => parsePlan(loop)).code).toBe('tooLarge');
  });

  test('any JSON is a plan that works or a ScheduleError', () => {
    const types = [...scheduleDefinitions, ...controllerDefinitions].map(({ type }) => type);
    const keys = [
      'schedule',
      'schedules',
      'controllers',
      'use',
      'from',
      'groups',
      '__proto__',
      'learningRate',
      'momentum',
    ];
    const params = scheduleDefinitions.flatMap((definition) => Object.keys(definition.params));
    const value: fc.Arbitrary<unknown> = fc.oneof(
      fc.double(),
      fc.nat(100),
      fc.constantFrom('5ep', '10%', '0%', 'linear', '', null, true, 1e308, 2 ** 53, -0),
    );
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        value,
        fc.array(tie('node'), { maxLength: 4 }),
        fc
          .tuple(
            fc.constantFrom(...types),
            fc.dictionary(fc.constantFrom(...keys, ...params), tie('node'), { maxKeys: 6 }),
          )
          .map(([type, options]) => ({ type, ...options })),
        fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(node, (json) => {
        expect(sound(json)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('hostile nesting and size end in an error, not in a crash', () => {
    let deep: unknown = 0.1;
    for (let i = 0; i < 10_000; i += 1) deep = { type: 'warmup', warmupSteps: 1, schedule: deep };
    expect(caught(() => parsePlan(deep)).code).toBe('tooLarge');
    const wide = { type: 'sequence', schedules: Array.from({ length: 200_000 }, () => 1), boundaries: [] };
    expect(caught(() => parsePlan(wide)).code).toBe('tooLarge');
  });
});

/** Whether JSON is refused as it should be, or gives finite values everywhere. */
function sound(json: unknown): boolean {
  let plan;
  try {
    plan = parsePlan(json, { totalSteps: 1000, stepsPerEpoch: 10 });
  } catch (error) {
    return error instanceof ScheduleError;
  }
  const scheduler = createScheduler(plan);
  const steps = [0, 1, 99.5, 1e12, 2 ** 53];
  const values = steps.flatMap((step) => Object.values(scheduler.values(step)));
  return values.every((value) => typeof value === 'object' || Number.isFinite(value));
}
