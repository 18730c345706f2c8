import { constant, cosineDecay, show } from '@anneal/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer } from '../src/index.ts';
import {
  bestWeights,
  callbackList,
  learningRateCallback,
  reduceLROnPlateau,
  stepsPerEpoch,
  totalSteps,
} from '../src/layers/index.ts';
import {
  accumulateGradients,
  clipByGlobalNorm,
  clipByValue,
  decoupledWeightDecay,
  parameterGroups,
  weightAverage,
} from '../src/ops/index.ts';
import {
  appliedValues,
  loadTraining,
  snapshotTraining,
  trainingFromBytes,
  trainingToBytes,
} from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { makeModel } from './mlp.ts';
import { refusal } from './refusal.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};
const sgd = (): tf.SGDOptimizer => open(tf.train.sgd(1));

type Take = (...passed: unknown[]) => unknown;

describe('what takes options refuses any that it does not know, and what is no object', () => {
  const adam = (): tf.Optimizer => tf.train.adam(1);
  const takers: Readonly<Record<string, Take>> = {
    bindOptimizer: (options) => bindOptimizer(sgd(), 0.1, options as never),
    restore: (options) => {
      const binding = bindOptimizer(sgd(), 0.1);
      binding.restore(binding.state(), options as never);
    },
    learningRateCallback: (options) => learningRateCallback(0.1, options as never),
    reduceLROnPlateau: (options) => reduceLROnPlateau(sgd(), options as never),
    bestWeights: (options) => bestWeights(options as never),
    totalSteps: (options) => totalSteps(options as never),
    stepsPerEpoch: (options) => stepsPerEpoch(options as never),
    accumulateGradients: (options) => accumulateGradients(2, options as never),
    decoupledWeightDecay: (options) => decoupledWeightDecay(options as never),
    weightAverage: (options) => weightAverage(options as never),
    parameterGroups: (options) =>
      parameterGroups(
        typeof options === 'object' && options !== null && !Array.isArray(options) && !(options instanceof Promise)
          ? { optimizer: adam, groups: {}, ...options }
          : (options as never),
      ),
  };
  test.each(Object.keys(takers))('%s', (name) => {
    const take = takers[name]!;
    for (const key of ['nonsense', 'x', 'toString', '_']) {
      expect(
        refusal(() => take({ [key]: 1 })),
        key,
      ).toContain(`${name}: unknown option "${key}"`);
    }
    // A number is told more by weight decay, below.
    for (const wrong of [name === 'decoupledWeightDecay' ? true : 1, 'auto', null, [], Promise.resolve({}), true]) {
      expect(
        refusal(() => take(wrong)),
        show(wrong),
      ).toContain(`${name}: options must be an object {`);
    }
  });

  test.each<[string, object, string]>([
    ['bindOptimizer', { start_step: 3 }, 'startStep'],
    ['bindOptimizer', { hook: [] }, 'hooks'],
    ['bindOptimizer', { steps: 3 }, ''],
    ['restore', { onPlanchange: 'takeNew' }, 'onPlanChange'],
    ['learningRateCallback', { log_key: 'rate' }, 'logKey'],
    ['reduceLROnPlateau', { min_lr: 1e-5 }, 'minLr'],
    ['reduceLROnPlateau', { min_delta: 1e-5 }, 'minDelta'],
    ['reduceLROnPlateau', { minLR: 1e-5 }, 'minLr'],
    ['totalSteps', { samples: 4, epochs: 1, batch_size: 2 }, 'batchSize'],
    ['totalSteps', { samples: 4, epochs: 1, accumulate: 2 }, ''],
    ['totalSteps', { batchesPerEpoch: 4, epochs: 1, validation_data: [] }, 'validationData'],
    ['weightAverage', { every_: 2 }, 'every'],
    ['parameterGroups', { group: {} }, 'groups'],
  ])('%s: %j is %s', (name, options, meant) => {
    expect(refusal(() => takers[name]!(options))).toMatch(
      new RegExp(`^${name}: unknown option "\\w+"${meant && `, write ${meant}`}; known: `),
    );
  });

  test('totalSteps takes what fit takes, and counts with it', () => {
    const fit = {
      epochs: 2,
      batchSize: 4,
      shuffle: false,
      verbose: 0 as const,
      yieldEvery: 'never' as const,
      callbacks: [],
    };
    expect(totalSteps({ samples: 16, ...fit })).toBe(8);
    // Where validation data is given, fit holds nothing back.
    const data = [tf.zeros([1]), tf.zeros([1])].map(open);
    expect(totalSteps({ samples: 16, ...fit, validationSplit: 0.5, validationData: data })).toBe(8);
    expect(totalSteps({ batchesPerEpoch: 3, epochs: 2, validationBatches: 2, classWeight: {} })).toBe(6);
    expect(refusal(() => totalSteps({ batchesPerEpoch: 3, epochs: 2, samples: 16 }))).toContain(
      'unknown option "samples"',
    );
    expect(refusal(() => totalSteps({ samples: 1, epochs: 2, validationSplit: 0.5 }))).toBe(
      'totalSteps: validationSplit must be small enough to leave one of 1 samples; received 0.5',
    );
    expect(refusal(() => totalSteps({ samples: 8, epochs: 2, initialEpoch: 3 }))).toBe(
      'totalSteps: initialEpoch must be at most epochs, which are 2; received 3',
    );
  });
});

describe('what is no optimizer is refused with what to write', () => {
  const model = (): layers.Sequential => open(makeModel());
  test.each<[string, () => unknown, string]>([
    ['a model that is not compiled', () => model().optimizer, 'undefined'],
    ['a model', () => model(), 'an object'],
    ['a name', () => 'adam', '"adam"'],
    ['a promise', () => Promise.resolve(tf.train.sgd(1)), 'a promise, not awaited'],
    ['a function that makes one', () => () => tf.train.sgd(1), 'a function'],
    ['a plan', () => ({ learningRate: 0.1 }), 'an object'],
    ['nothing', () => null, 'null'],
  ])('%s', (_, make, received) => {
    const sentence = `optimizer must be an optimizer, such as tf.train.adam(1e-3) or model.optimizer of a model that is compiled; received ${received}`;
    expect(refusal(() => bindOptimizer(make() as never, 0.1))).toBe(`bindOptimizer: ${sentence}`);
    expect(refusal(() => reduceLROnPlateau(make() as never))).toBe(`reduceLROnPlateau: ${sentence}`);
  });

  test('parameterGroups needs a function that makes one', () => {
    const groups = { head: /^head/ };
    const rule = 'parameterGroups: optimizer must be a function that makes one, such as () => tf.train.adam(1e-3)';
    expect(refusal(() => parameterGroups({ optimizer: sgd() as never, groups }))).toBe(`${rule}; received an object`);
    expect(refusal(() => parameterGroups({ optimizer: 'adam' as never, groups }))).toBe(`${rule}; received "adam"`);
    expect(refusal(() => parameterGroups({ groups } as never))).toContain('parameterGroups: optimizer is required');
    expect(refusal(() => parameterGroups({ optimizer: () => Promise.resolve(sgd()) as never, groups }))).toContain(
      'parameterGroups: optimizer must be an optimizer',
    );
    for (const wrong of [[/^head/], /^head/, null, new Map([['head', /^head/]])])
      expect(refusal(() => parameterGroups({ optimizer: () => sgd(), groups: wrong as never }))).toContain(
        'parameterGroups: groups must be an object such as { head: /^head/ }',
      );
    expect(refusal(() => parameterGroups({ optimizer: () => sgd(), groups: { head: '^head' as never } }))).toContain(
      'group "head" must be a regular expression or a function',
    );
  });
});

test.each<[string, unknown, string]>([
  ['{ lr }', { lr: 0.1 }, 'received an object with "lr", write learningRate'],
  ['JSON', { type: 'linear', initValue: 1, decaySteps: 2 }, 'JSON is read by parsePlan'],
  ['a definition', cosineDecay, 'received cosineDecay, not called'],
  ['a promise', Promise.resolve(0.1), 'received a promise, not awaited'],
  ['nothing', undefined, 'received undefined'],
  ['a track alone', { schedule: 0.1 }, 'write { learningRate: { schedule, controllers } }'],
  ['an unknown track', { learningRate: 0.1, weight_decay: 0.1 }, 'write weightDecay'],
])('%s is no plan', (_, plan, sentence) => {
  const optimizer = sgd();
  expect(refusal(() => bindOptimizer(optimizer, plan as never))).toContain(sentence);
  expect(bindOptimizer(optimizer, 0.1).learningRate).toBe(Math.fround(0.1));
});

describe('hooks', () => {
  test.each<[unknown, string]>([
    [clipByGlobalNorm(1), 'an object'],
    [[clipByGlobalNorm], 'an array of 1'],
    [[0.5], 'an array of 1'],
    [[undefined], 'an array of 1'],
    [[clipByGlobalNorm(1), { name: 'own' }], 'an array of 2'],
    [[{ update: () => undefined }], 'an array of 1'],
    [null, 'null'],
  ])('%o is no list of them', (hooks, received) => {
    expect(refusal(() => bindOptimizer(sgd(), 0.1, { hooks: hooks as never }))).toBe(
      `bindOptimizer: hooks must be a list of hooks { name, update }, such as [clipByGlobalNorm(1)]; received ${received}`,
    );
  });

  test.each<[Take, string]>([
    [
      clipByGlobalNorm as Take,
      'clipByGlobalNorm: maxNorm must be a number > 0, as in clipByGlobalNorm(1); received an object',
    ],
    [clipByValue as Take, 'clipByValue: limit must be a number > 0, as in clipByValue(0.5); received an object'],
    [accumulateGradients as Take, 'accumulateGradients: microBatches must be an integer >= 1; received an object'],
  ])('a number is given as it is', (take, sentence) => {
    expect(refusal(() => take({ maxNorm: 1 }))).toBe(sentence);
    expect(refusal(() => take())).toBe(sentence.replace('an object', 'undefined'));
    expect(refusal(() => take('1'))).toBe(sentence.replace('an object', '"1"'));
  });

  test('the decay itself is a track', () => {
    for (const wrong of [0.01, { weightDecay: 0.01 }, { weight_decay: 0.01 }, { decay: 0.01 }])
      expect(refusal(() => decoupledWeightDecay(wrong as never))).toBe(
        'decoupledWeightDecay: how much decays is a track of the plan: { learningRate, weightDecay: 0.01 }',
      );
  });

  test('metrics are reported by name', () => {
    const binding = bindOptimizer(sgd(), 0.1);
    for (const wrong of [0.3, undefined, null, 'loss', Promise.resolve({ loss: 0.3 })])
      expect(refusal(() => binding.report(wrong as never))).toContain(
        'report: metrics must be an object of numbers by name, such as { loss: 0.3 }; received',
      );
  });

  test('options that are not what they must be', () => {
    expect(refusal(() => decoupledWeightDecay({ mask: /bias/ as never }))).toBe(
      'decoupledWeightDecay: mask must be a function; received an object',
    );
    expect(refusal(() => decoupledWeightDecay({ referenceRate: 0 }))).toContain(
      'referenceRate must be a number > 0; received 0',
    );
    expect(refusal(() => weightAverage({ from: -1 }))).toContain('weightAverage: from must be an integer >= 0');
    expect(refusal(() => bindOptimizer(sgd(), 0.1, { startStep: '5' as never }))).toBe(
      'bindOptimizer: startStep must be "iterations" or an integer >= 0; received "5"',
    );
    expect(refusal(() => bindOptimizer(sgd(), 0.1, { state: 5 as never }))).toContain(
      'bindOptimizer: state must be what state() of a binding with 0 hooks gave; received 5',
    );
    expect(refusal(() => bindOptimizer(sgd(), 0.1, { horizon: 100 as never }))).toContain(
      'options must be an object { totalSteps, stepsPerEpoch }',
    );
    expect(refusal(() => bindOptimizer(sgd(), 0.1, { horizon: { epochs: 3 } as never }))).toContain(
      'unknown option "epochs"',
    );
    const binding = bindOptimizer(sgd(), 0.1);
    expect(refusal(() => binding.restore(binding.state(), { onPlanChange: 'takenew' as never }))).toContain(
      'onPlanChange must be one of "refuse", "takeNew", "takeOld"',
    );
  });
});

describe('a hook that remembers', () => {
  test.each<[string, () => Parameters<typeof bindOptimizer>[2] & object]>([
    ['accumulateGradients', () => ({ hooks: [accumulateGradients(2)] })],
    ['weightAverage', () => ({ hooks: [open(weightAverage())] })],
  ])('%s stands around one optimizer at a time', (name, make) => {
    const options = make();
    const optimizer = sgd();
    const first = bindOptimizer(optimizer, 0.1, options);
    const sentence = `bindOptimizer: ${name} already stands around other updates; make one for each binding`;
    const other = sgd();
    expect(refusal(() => bindOptimizer(other, 0.1, options))).toBe(sentence);
    expect(refusal(() => bindOptimizer(other, 0.1, { hooks: [...options.hooks!, ...options.hooks!] }))).toBe(sentence);
    first.detach();
    expect(refusal(() => bindOptimizer(other, 0.1, { hooks: [...options.hooks!, ...options.hooks!] }))).toBe(sentence);
    const second = bindOptimizer(optimizer, 0.1, options);
    second.detach();
    expect(bindOptimizer(other, 0.1, options).step).toBe(0);
  });

  test('one that remembers nothing may stand around several', () => {
    const hooks = [clipByGlobalNorm(1), clipByValue(1), decoupledWeightDecay()];
    const plan = { learningRate: 0.1, weightDecay: 0.1 };
    expect([bindOptimizer(sgd(), plan, { hooks }), bindOptimizer(sgd(), plan, { hooks })]).toHaveLength(2);
  });
});

describe('a state', () => {
  test('of other hooks, of a scheduler, of nothing', () => {
    const hooks = [accumulateGradients(2)];
    const bound = bindOptimizer(sgd(), constant({ value: 0.1 }), { hooks });
    const bare = bindOptimizer(sgd(), constant({ value: 0.1 }));
    const wrongs = [bare.state(), bound.scheduler.state(), null, 'state', Promise.resolve(bound.state())];
    for (const wrong of wrongs)
      expect(
        refusal(() => bound.restore(wrong as never)),
        show(wrong),
      ).toContain('bindOptimizer: state must be what state() of a binding with 1 hooks gave; received');
    expect(refusal(() => bindOptimizer(sgd(), constant({ value: 0.1 }), { state: bound.state() }))).toContain(
      'with 0 hooks',
    );
    bound.restore(bound.state());
  });

  test('and a startStep that says otherwise', () => {
    const plan = constant({ value: 0.1 });
    const optimizer = sgd();
    const first = bindOptimizer(optimizer, plan);
    const state = { ...first.state(), scheduler: { ...first.scheduler.state(), step: 7 } };
    first.detach();
    expect(refusal(() => bindOptimizer(optimizer, plan, { state, startStep: 5 }))).toBe(
      'bindOptimizer: startStep says step 5 and the state 7; give one of them',
    );
    expect(bindOptimizer(optimizer, plan, { state, startStep: 7 }).step).toBe(7);
  });
});

describe('callbackList', () => {
  const sentence = (...passed: unknown[]): string => refusal(() => callbackList(...(passed as object[])));
  test.each<[unknown[], string]>([
    [
      [[{ onEpochEnd: () => undefined }]],
      'argument 1 must be a callback or an object of hooks, one argument each: callbackList(first, second); received an array of 1',
    ],
    [
      [() => undefined],
      'argument 1 must be a callback or an object of hooks, one argument each: callbackList(first, second); received a function',
    ],
    [[{ onEpochEnd: () => undefined }, undefined], 'argument 2 must be a callback'],
    [[Promise.resolve({})], 'received a promise, not awaited'],
    [[{ onEpochFinish: () => undefined }], 'unknown hook "onEpochFinish", write onEpochEnd; known: onTrainBegin'],
    [[{ onEpochEnd: () => undefined, onBatchend: () => undefined }], 'unknown hook "onBatchend", write onBatchEnd'],
    [[{ on_epoch_end: () => undefined }], 'argument 1 must be an object with one of'],
    [[{ onTrainBatchEnd: () => undefined }], 'write onBatchEnd'],
    [[{ onBatchStart: () => undefined }], 'unknown hook "onBatchStart", write onBatchBegin'],
    [[{}], 'argument 1 must be an object with one of onTrainBegin, onTrainEnd'],
    [[{ monitor: 'loss' }], 'argument 1 must be an object with one of onTrainBegin'],
  ])('%o', (passed, expected) => {
    expect(sentence(...passed)).toMatch(/^callbackList: /);
    expect(sentence(...passed)).toContain(expected);
  });

  test('hooks with something of their own beside, or in a class', () => {
    class Own {
      seen = 0;
      onEpochEnd(): void {
        this.seen++;
      }
    }
    expect(callbackList({ onYield: () => undefined, epochs: [] }, new Own())).toHaveLength(2);
    expect(callbackList()).toEqual([]);
  });
});

describe('a training', () => {
  const training = (): { weights: layers.Sequential; binding: ReturnType<typeof bindOptimizer> } => {
    const model = open(makeModel());
    model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
    return { weights: model, binding: bindOptimizer(model.optimizer, constant({ value: 0.1 })) };
  };
  test.each<[string, (good: ReturnType<typeof training>) => unknown, string]>([
    [
      'nothing',
      () => undefined,
      'weights must be a model of tfjs-layers or a list of variables, as in { weights: model, binding }; received undefined',
    ],
    [
      'a model alone',
      ({ weights }) => weights,
      'weights must be a model of tfjs-layers or a list of variables, as in { weights: model, binding }; received an array of 8',
    ],
    [
      'a binding alone',
      ({ binding }) => binding,
      'weights must be a model of tfjs-layers or a list of variables, as in { weights: model, binding }; received undefined',
    ],
    [
      'an optimizer for a binding',
      ({ weights }) => ({ weights, binding: weights.optimizer }),
      'binding must be what bindOptimizer gave; received an object',
    ],
    [
      'a plan for a binding',
      ({ weights }) => ({ weights, binding: 0.1 }),
      'binding must be what bindOptimizer gave; received 0.1',
    ],
    [
      'a model under its name',
      ({ weights, binding }) => ({ model: weights, binding }),
      'weights must be a model of tfjs-layers or a list of variables, as in { weights: model, binding }; received undefined',
    ],
    [
      'a model not awaited',
      ({ weights, binding }) => ({ weights: Promise.resolve(weights), binding }),
      'weights must be a model of tfjs-layers or a list of variables, as in { weights: model, binding }; received a promise, not awaited',
    ],
    [
      'parts misspelt',
      (good) => ({ ...good, part: {} }),
      'unknown option "part", write parts; known: weights, binding, parts',
    ],
    [
      'parts that are none',
      (good) => ({ ...good, parts: { cursor: 3 } }),
      'parts must be an object of parts, each with state() and restore(state); received an object',
    ],
    ['a list of parts', (good) => ({ ...good, parts: [] }), 'parts must be an object of parts'],
  ])('%s', async (_, make, sentence) => {
    const wrong = make(training()) as never;
    expect(refusal(() => snapshotTraining(wrong))).toContain(`training: ${sentence}`);
    await expect(trainingToBytes(wrong)).rejects.toThrow(`training: ${sentence}`);
    const bytes = await trainingToBytes(training());
    expect(refusal(() => trainingFromBytes(bytes, wrong))).toContain(`training: ${sentence}`);
  });

  test('going on from it', async () => {
    const one = training();
    const bytes = await trainingToBytes(one);
    const wrong = { onPlanchange: 'takeNew' } as never;
    expect(refusal(() => trainingFromBytes(bytes, one, wrong))).toContain(
      'loadTraining: unknown option "onPlanchange", write onPlanChange',
    );
    await expect(loadTraining('nowhere://x', one)).rejects.toThrow('nothing here can load "nowhere://x"');
    for (const none of [undefined, 'run.safetensors', Promise.resolve(bytes), [1, 2], {}])
      expect(
        refusal(() => trainingFromBytes(none as never, one)),
        show(none),
      ).toContain('trainingFromBytes: ');
    await expect(appliedValues(one.weights.optimizer as never)).rejects.toThrow(
      'appliedValues: binding must be what bindOptimizer gave; received an object',
    );
  });
});
