import { describe, expect, test } from 'vitest';
import { caught } from '../../test/caught.ts';
import {
  adamBatchScaling,
  controllerDefinitions,
  cosineDecay,
  createScheduler,
  hyperparameters,
  lint,
  parsePlan,
  planResume,
  reduceOnPlateau,
  scaleTo,
  scheduleDefinitions,
  suggestLearningRate,
  warmup,
  type Plan,
  type PlanLike,
} from '../index.ts';
import { fieldNames } from './fieldNames.ts';
import { check, checkOptions, nearest, positiveFactor, rate, text, type MakeError } from './index.ts';

type Make = (...options: unknown[]) => unknown;
const definitions = [...scheduleDefinitions, ...controllerDefinitions];
const make = Object.fromEntries(definitions.map((one) => [one.type, one as unknown as Make]));

describe('an unknown option is refused with the one that is meant', () => {
  test.each([
    ['cosineDecay', 'T_max', 'decaySteps'], // PyTorch
    ['cosineDecay', 'eta_min', 'endValue'],
    ['cosineDecay', 'min_lr', 'endValue'],
    ['cosineDecay', 'initialValue', 'initValue'],
    ['cosineDecay', 'initial_learning_rate', 'initValue'], // Keras
    ['cosineDecay', 'decay_steps', 'decaySteps'],
    ['cosineDecay', 'init_value', 'initValue'], // optax
    ['cosineDecay', 'transition_steps', 'decaySteps'],
    ['cosineDecay', 'lr_min', 'endValue'], // timm
    ['cosineDecay', 't_initial', 'decaySteps'],
    ['cosineDecay', 'lr', 'initValue'],
    ['cosineDecay', 'decayStep', 'decaySteps'],
    ['cosineDecay', 'decaysteps', 'decaySteps'],
    ['cosineDecay', 'inivValue', 'initValue'],
    ['constant', 'lr', 'value'],
    ['constant', 'valu', 'value'],
    ['warmRestarts', 'T_0', 'cycleSteps'],
    ['warmRestarts', 'T_mult', 'cycleFactor'],
    ['warmRestarts', 'first_decay_steps', 'cycleSteps'],
    ['warmup', 'num_warmup_steps', 'warmupSteps'], // transformers
    ['warmup', 'warmup_t', 'warmupSteps'],
    ['warmup', 'warmup_iters', 'warmupSteps'],
    ['stepDecay', 'step_size', 'dropSteps'],
    ['stepDecay', 'gamma', 'dropFactor'],
    ['multiStepDecay', 'milestones', 'boundaries'],
    ['oneCycle', 'max_lr', 'peakValue'],
    ['oneCycle', 'pct_start', 'peakFraction'],
    ['oneCycle', 'total_steps', 'totalSteps'],
    ['cyclic', 'base_lr', 'initValue'],
    ['cyclic', 'max_lr', 'peakValue'],
    ['cyclic', 'step_size_up', 'upSteps'],
    ['exponentialDecay', 'decay_rate', 'gamma'],
    ['polynomialDecay', 'end_learning_rate', 'endValue'],
    ['reduceOnPlateau', 'min_lr', 'minValue'],
    ['reduceOnPlateau', 'factor', 'reduceFactor'],
    ['reduceOnPlateau', 'min_delta', 'threshold'],
    ['noam', 'd_model', 'modelSize'],
  ])('%s: %s is %s', (type, key, meant) => {
    const error = caught(() => make[type]!({ [key]: 1 }));
    expect(error.message).toMatch(`${type}: unknown option "${key}", write ${meant}; known: `);
    expect([error.code, error.path, error.parameter]).toEqual(['unknownKey', `/${key}`, key]);
  });

  test('two where one name stands for two', () => {
    expect(nearest('betas', ['beta1', 'beta2', 'epsilon', 'weightDecay'])).toEqual(['beta1', 'beta2']);
    expect(nearest('weight_decay', ['beta1', 'beta2', 'epsilon', 'weightDecay'])).toEqual(['weightDecay']);
  });

  test.each(['', '_', 'x', 'constructor', '__proto__', 'undefined', 'zzz', 'é'.repeat(9999)])(
    'and with none where none is near: %s',
    (name) => {
      expect(definitions.flatMap(({ params }) => nearest(name, Object.keys(params)))).toEqual([]);
    },
  );

  test('no name of the field means two options of a definition', () => {
    const theirs = Object.values(fieldNames).flatMap((names) => names.split(' '));
    const doubtful = definitions.flatMap(({ type, params }) =>
      theirs.map((name) => [type, name, nearest(name, Object.keys(params))] as const),
    );
    expect(doubtful.filter(([, name, names]) => names.length > 1 && name !== 'betas')).toEqual([]);
  });

  test('every name of the field leads somewhere', () => {
    const theirs = Object.entries(fieldNames).flatMap(([ours, names]) => names.split(' ').map((name) => [ours, name]));
    for (const [ours, name] of theirs) expect(nearest(name!, [ours!])).toEqual([ours]);
  });
});

describe('what is no object of options is refused with the object that is meant', () => {
  const given = [0.1, '0.1', null, [0.1, 100], true, () => 0.1, Promise.resolve({}), cosineDecay];
  test.each(definitions.map(({ type, params }) => [type, Object.keys(params)] as const))('%s', (type, names) => {
    for (const options of given) {
      const { message, code, path } = caught(() => make[type]!(options, 100));
      expect(message).toMatch(`${type}: options must be an object { ${names.join(', ')} }; received `);
      expect([code, path]).toEqual(['invalid', '']);
    }
  });

  test('and says what it received', () => {
    const received = given.map((options) => caught(() => make['constant']!(options)).message.split('received ')[1]);
    expect(received).toEqual([
      '0.1',
      '"0.1"',
      'null',
      'an array of 2',
      'true',
      'a function',
      'a promise, not awaited',
      'cosineDecay, not called',
    ]);
  });

  test('no options are the same as an empty object', () => {
    expect((reduceOnPlateau as unknown as Make)()).toMatchObject({ monitor: 'loss' });
    expect(caught(() => make['constant']!()).message).toBe('constant: value is required: a number >= 0');
  });
});

describe('a plan that is nearly one is refused with what to write', () => {
  const none = 'plan must be a schedule, a number or an object with learningRate; received ';
  test.each<[string, unknown, string]>([
    ['another name', { lr: 0.1 }, `${none}an object with "lr", write learningRate`],
    ['another case', { learning_rate: 0.1 }, `${none}an object with "learning_rate", write learningRate`],
    ['a promise', Promise.resolve(0.1), `${none}a promise, not awaited`],
    ['a definition', cosineDecay, `${none}cosineDecay, not called`],
    ['a JSON form', { type: 'constant', value: 1 }, `${none}an object with type: JSON is read by parsePlan`],
    ['a track', { schedule: 1 }, `${none}an object with schedule: write { learningRate: { schedule, controllers } }`],
    [
      'a controller',
      reduceOnPlateau({}),
      `${none}an object: write { learningRate: { schedule, controllers: { name: { use } } } }`,
    ],
    [
      'a promise within',
      { learningRate: Promise.resolve(0.1) },
      'plan: learningRate must be a schedule, a number >= 0 or a track; received a promise, not awaited',
    ],
    [
      'a definition within',
      { learningRate: cosineDecay },
      'plan: learningRate must be a schedule, a number >= 0 or a track; received cosineDecay, not called',
    ],
    [
      'a function that promises',
      async () => 0.1,
      'plan: learningRate must be a schedule, which gives a number at step 0; received a promise, not awaited',
    ],
    [
      'a function of something else',
      { learningRate: 1, momentum: () => '0.9' },
      'plan: momentum must be a schedule, which gives a number at step 0; received "0.9"',
    ],
    ['another track', { learningRate: 1, wd: 1 }, 'plan: unknown track "wd", write weightDecay; known: '],
    ['two tracks', { learningRate: 1, betas: [0.9, 0.99] }, 'plan: unknown track "betas", write beta1 and beta2; '],
    ['in a group', { learningRate: 1, groups: { head: { lr: 1 } } }, 'plan: unknown track "lr", write learningRate; '],
    [
      'in a track',
      { learningRate: { schedule: 1, controller: {} } },
      'plan: unknown key of a track "controller", write controllers; known: schedule, controllers',
    ],
    [
      'in a use',
      { learningRate: { schedule: 1, controllers: { p: { use: reduceOnPlateau({}), to: 9 } } } },
      'plan: unknown key of a controller "to"; known: use, from, until',
    ],
  ])('%s', (_, plan, message) => {
    expect(caught(() => createScheduler(plan as Plan)).message).toMatch(message);
  });

  test('and so is a definition where a schedule stands inside another', () => {
    const schedule = cosineDecay as unknown as PlanLike as number;
    expect(caught(() => warmup({ warmupSteps: 5, schedule })).message).toBe(
      'warmup: schedule must be a schedule or a number >= 0; received cosineDecay, not called',
    );
  });
});

describe('JSON with another name is refused with ours', () => {
  test.each([
    ['cosine', 'cosineDecay'],
    ['cosine_decay', 'cosineDecay'],
    ['CosineDecay', 'cosineDecay'],
    ['CosineAnnealingLR', 'cosineDecay'],
    ['CosineAnnealingWarmRestarts', 'warmRestarts'],
    ['CosineDecayRestarts', 'warmRestarts'],
    ['cosine_with_restarts', 'warmRestarts'],
    ['OneCycleLR', 'oneCycle'],
    ['StepLR', 'stepDecay'],
    ['step', 'stepDecay'],
    ['MultiStepLR', 'multiStepDecay'],
    ['ExponentialLR', 'exponentialDecay'],
    ['exponential', 'exponentialDecay'],
    ['LinearLR', 'linear'],
    ['PolynomialLR', 'polynomialDecay'],
    ['polynomial', 'polynomialDecay'],
    ['ConstantLR', 'constant'],
    ['CyclicLR', 'cyclic'],
    ['SequentialLR', 'sequence'],
    ['PiecewiseConstantDecay', 'piecewiseConstant'],
    ['InverseTimeDecay', 'inverseTimeDecay'],
    ['inverse_sqrt', 'inverseSqrtDecay'],
    ['warmup_stable_decay', 'stableDecay'],
    ['wsd', 'stableDecay'],
  ])('%s is %s', (theirs, ours) => {
    const error = caught(() => parsePlan({ type: theirs }));
    expect(error.message).toMatch(`the schedule: unknown type "${theirs}", write ${ours}; known: `);
    expect([error.code, error.path]).toEqual(['unknownType', '/type']);
  });

  test.each([
    [Promise.resolve({}), 'the input must be a schedule or a plan; received a promise, not awaited'],
    [{ lr: 1 }, 'the input: unknown key "lr", write learningRate; a plan has '],
    [{ learningRate: 1, weight_decay: 1 }, 'the input: unknown key "weight_decay", write weightDecay; a plan has '],
    [{ learningRate: 1, groups: { g: { lr: 1 } } }, '/groups/g: unknown key "lr", write learningRate; a group has '],
    [{ type: 'cosineDecay', T_max: 9 }, 'cosineDecay: unknown option "T_max", write decaySteps; known: '],
    [
      { learningRate: { schedule: 1, controllers: { p: { use: { type: 'ReduceLROnPlateau' } } } } },
      '/learningRate/controllers/p/use: unknown type "ReduceLROnPlateau", write reduceOnPlateau; known: ',
    ],
  ])('%j', (json, message) => {
    expect(caught(() => parsePlan(json)).message).toMatch(message);
  });

  test('each track is near itself alone', () => {
    for (const name of hyperparameters) expect(nearest(name.toUpperCase(), hyperparameters)).toEqual([name]);
  });
});

describe('every function of core that takes options refuses what it does not know', () => {
  const scheduler = createScheduler(0.1);
  const losses = Array.from({ length: 10 }, (_, i) => ({ learningRate: i + 1, loss: 10 - i }));
  const parse = parsePlan;
  test.each<[string, () => unknown, string]>([
    ['createScheduler', () => createScheduler(0.1, { startSteps: 1 } as object), '"startSteps", write startStep'],
    ['anneal', () => scheduler.anneal({ steps: 1, endFactor: 1, shapes: 'linear' } as never), '"shapes", write shape'],
    [
      'restore',
      () => scheduler.restore(scheduler.state(), { onChange: 1 } as object),
      '"onChange", write onPlanChange',
    ],
    ['scaleTo', () => scaleTo(0.1, { from: 1, to: 2, parser: parse } as never), '"parser", write parse'],
    ['lint', () => lint(0.1, { steps: 9, steps_per_epoch: 1 } as never), '"steps_per_epoch", write stepsPerEpoch'],
    ['planResume', () => planResume(scheduler.state(), 0.1, { on_jump: 'keep' } as object), '"on_jump", write onJump'],
    [
      'suggestLearningRate',
      () => suggestLearningRate(losses, 'valley', { skips: 0.1 } as object),
      '"skips", write skip',
    ],
    [
      'adamBatchScaling',
      () => adamBatchScaling({ batchSize: 1, baseBatchSize: 1, betas: [0.9] } as never),
      '"betas", write beta1 and beta2',
    ],
    [
      'horizon',
      () => parse({ type: 'constant', value: 1 }, { total_steps: 5 } as object),
      '"total_steps", write totalSteps',
    ],
  ])('%s', (subject, call, what) => {
    const { message, code } = caught(call);
    expect([message.startsWith(`${subject}: unknown option ${what}; known: `), code]).toEqual([true, 'unknownKey']);
  });

  test('or what is not there where it is needed', () => {
    expect(caught(() => lint(0.1, undefined as never)).message).toBe('lint: steps is required: an integer >= 1');
  });

  test.each<[string, () => unknown]>([
    ['createScheduler: options', () => createScheduler(0.1, 100 as never)],
    ['scaleTo: options', () => scaleTo(0.1, 100 as never)],
    ['lint: options', () => lint(0.1, 100 as never)],
    ['horizon: options', () => parse({ type: 'constant', value: 1 }, 100 as never)],
    ['anneal: options', () => scheduler.anneal(100 as never)],
  ])('%s must be an object', (subject, call) => {
    const { message } = caught(call);
    expect([message.startsWith(`${subject} must be an object {`), message.endsWith('received 100')]).toEqual([
      true,
      true,
    ]);
  });
});

describe('another package holds its options by the same mechanism', () => {
  class HouseError extends RangeError {
    readonly place: string;

    constructor(message: string, place: string) {
      super(message);
      this.place = place;
    }
  }
  interface HouseOptions {
    readonly size: number;
    readonly name?: string;
    readonly ratio?: number;
    readonly note?: string;
  }
  const house = (options?: HouseOptions) =>
    checkOptions(
      'house',
      {
        size: positiveFactor,
        name: [text, 'home'],
        ratio: [rate, ({ size }: { readonly size: number }) => size / 2],
        note: [text, undefined],
      },
      options,
      (_code, path, message) => new HouseError(message, path),
    );

  test('reads them, and fills in defaults', () => {
    const { size, name, ratio, note } = house({ size: 3 });
    expect([size + 1, name.length, ratio + 1, note?.length]).toEqual([4, 4, 2.5, undefined]);
    expect(house({ size: 3, ratio: 1, note: 'x' })).toEqual({ size: 3, name: 'home', ratio: 1, note: 'x' });
  });

  test.each([
    [undefined, 'house: size is required: a number > 0', '/size'],
    [{ size: 0 }, 'house: size must be a number > 0; received 0', '/size'],
    [{ size: 1, names: 'x' }, 'house: unknown option "names", write name; known: size, name, ratio, note', '/names'],
    [3, 'house: options must be an object { size, name, ratio, note }; received 3', ''],
  ])('throws its own error for %j', (options, message, place) => {
    let error: unknown;
    try {
      house(options as HouseOptions);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(HouseError);
    expect(error).toMatchObject({ message, place });
  });

  test('and single arguments', () => {
    expect(check('house', 'size', positiveFactor, 2)).toBe(2);
    const make: MakeError = (_code, path, message) => new HouseError(message, path);
    expect(() => check('house', 'size', positiveFactor, -2, { error: make })).toThrow(HouseError);
  });
});
