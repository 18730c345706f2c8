import { createScheduler, planToJSON } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { read } from './read.ts';

const cosine = { class_name: 'CosineDecay', config: { initial_learning_rate: 0.1, decay_steps: 100 } };

describe('read', () => {
  test('takes what serialize prints, and the same without what only names things', () => {
    const printed = {
      module: 'keras.optimizers.schedules',
      class_name: 'CosineDecay',
      config: { ...cosine.config, alpha: 0, name: 'CosineDecay', warmup_target: null, warmup_steps: 0 },
      registered_name: null,
    };
    expect(planToJSON(read(printed))).toEqual(planToJSON(read(cosine)));
    expect(planToJSON(read(cosine))).toEqual({
      learningRate: { type: 'cosineDecay', initValue: 0.1, decaySteps: 100 },
    });
  });

  test('makes a warm-up of warmup_target, which Keras leaves out of decay_steps', () => {
    const config = { initial_learning_rate: 0, decay_steps: 100, warmup_target: 0.1, warmup_steps: 10 };
    expect(planToJSON(read({ class_name: 'CosineDecay', config })).learningRate).toMatchObject({
      type: 'warmup',
      warmupSteps: 10,
      startFactor: 0,
      schedule: { type: 'cosineDecay', decaySteps: 100 },
    });
  });

  test('reads LearningRateScheduler where the length of an epoch is known', () => {
    const callback = { class_name: 'LearningRateScheduler', config: { schedule: cosine } };
    expect(refusal(read, callback)).toMatchObject({ code: 'horizon', path: '/config/schedule' });
    const scheduler = createScheduler(read(callback, { stepsPerEpoch: 10 }));
    expect(scheduler.values(509).learningRate).toBeCloseTo(0.05, 12);
  });
});

describe('read refuses', () => {
  test.each([
    ['an unknown class', { class_name: 'CosineDecayWithFriends', config: {} }, 'unknownType', '/class_name'],
    ['no class', { config: {} }, 'required', '/class_name'],
    ['an unknown key', { ...cosine, extra: 1 }, 'unknownKey', '/extra'],
    ['a list', [cosine], 'invalid', ''],
    ['an unknown argument', { ...cosine, config: { ...cosine.config, gamma: 1 } }, 'unknownKey', '/config/gamma'],
    ['a missing argument', { ...cosine, config: { decay_steps: 10 } }, 'required', '/config/initial_learning_rate'],
    [
      'a string for a number',
      { ...cosine, config: { ...cosine.config, decay_steps: '10' } },
      'invalid',
      '/config/decay_steps',
    ],
    ['a rate beside a schedule', { ...cosine, lr: 0.1 }, 'unknownKey', '/lr'],
    ['a plateau without a rate', { class_name: 'ReduceLROnPlateau', config: {} }, 'required', '/lr'],
    ['a plateau over a schedule', { class_name: 'ReduceLROnPlateau', config: {}, lr: cosine }, 'invalid', '/lr'],
    [
      'a metric without direction',
      { class_name: 'ReduceLROnPlateau', config: { monitor: 'reward' }, lr: 0.1 },
      'invalid',
      '/config/mode',
    ],
    [
      'an unknown class inside a callback',
      { class_name: 'LearningRateScheduler', config: { schedule: { class_name: 'Lambda' } } },
      'unknownType',
      '/config/schedule/class_name',
    ],
  ])('%s', (_, description, code, path) => {
    expect(refusal(read, description)).toMatchObject({ code, path });
  });

  test('with a sentence that names the class, the argument and what came', () => {
    expect(refusal(read, { ...cosine, config: { ...cosine.config, decay_steps: 0 } }).message).toBe(
      'CosineDecay: decay_steps must be a number > 0; received 0',
    );
  });
});
