import {
  constant,
  cosineDecay,
  cyclic,
  interpolate,
  linear,
  multiStepDecay,
  perEpoch,
  reduceOnPlateau,
  ScheduleError,
  sequence,
  warmRestarts,
  warmup,
  type Plan,
  type Schedule,
} from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from './read.ts';
import { write } from './write.ts';

const wave = cosineDecay({ initValue: 0.1, decaySteps: 100 });
const plateau = { use: reduceOnPlateau({ monitor: 'loss', patience: 2, thresholdMode: 'absolute' }) };

test('a schedule is assigned to the name of the optimizer argument', () => {
  expect(write(wave)).toBe(
    'import keras\n\nlearning_rate = keras.optimizers.schedules.CosineDecay(initial_learning_rate=0.1, decay_steps=100)\n',
  );
});

test('what is constant of the other hyperparameters stands beside it', () => {
  expect(write({ learningRate: 0.1, momentum: 0.9, beta1: constant({ value: 0.95 }) })).toBe(
    'import keras\n\nlearning_rate = 0.1\nmomentum = 0.9\nbeta_1 = 0.95\n',
  );
});

test('a plan by epochs becomes a callback', () => {
  expect(write(perEpoch({ schedule: wave, stepsPerEpoch: 50 }))).toContain(
    'callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch, lr: float(schedule(epoch)))]',
  );
});

test('patience and cooldown are written back as Keras counts them', () => {
  const config = { monitor: 'loss', patience: 4, cooldown: 3 };
  expect(write(read({ class_name: 'ReduceLROnPlateau', config, lr: 0.1 }))).toMatch(/patience=4, .*cooldown=3/);
});

describe('what has no form in Keras is refused by name:', () => {
  test.each<[string, Plan | Schedule, string]>([
    ['a type that it lacks', cyclic({ initValue: 0.01, peakValue: 0.1, upSteps: 5 }), 'cyclic'],
    ['an option that it lacks', cosineDecay({ initValue: 0.1, decaySteps: 10, power: 2 }), 'cosineDecay'],
    ['a wave without hold', cosineDecay({ initValue: 0.1, decaySteps: 10, pastEnd: 'continue' }), 'cosineDecay'],
    ['a floor over a peak of 0', cosineDecay({ initValue: 0, endValue: 0.1, decaySteps: 10 }), 'cosineDecay'],
    ['restarts that end', warmRestarts({ initValue: 0.1, cycleSteps: 10, cycleLimit: 3 }), 'warmRestarts'],
    ['a warm-up of a line', warmup({ warmupSteps: 3, schedule: linear({ initValue: 1, decaySteps: 9 }) }), 'warmup'],
    ['a warm-up of another shape', warmup({ warmupSteps: 3, shape: 'cosine', schedule: wave }), 'warmup'],
    ['another sequence', sequence({ schedules: [0.1, wave], boundaries: [5] }), 'sequence'],
    ['a way through knots', interpolate({ knots: [0, 5], values: [1, 2] }), 'interpolate'],
    ['a change within a step', multiStepDecay({ initValue: 0.1, boundaries: [2.5] }), 'multiStepDecay'],
    [
      'a schedule of the momentum',
      { learningRate: 0.1, momentum: linear({ initValue: 0.9, decaySteps: 9 }) },
      'linear',
    ],
    ['a plateau over a schedule', { learningRate: { schedule: wave, controllers: { plateau } } }, 'cosineDecay'],
    [
      'a window of a controller',
      { learningRate: { schedule: 0.1, controllers: { plateau: { ...plateau, from: 5 } } } },
      'reduceOnPlateau',
    ],
    [
      'a relative threshold',
      { learningRate: { schedule: 0.1, controllers: { plateau: { use: reduceOnPlateau({}) } } } },
      'reduceOnPlateau',
    ],
    ['groups', { learningRate: 0.1, groups: { head: { learningRate: 1 } } }, 'groups'],
  ])('%s', (_, plan, type) => {
    expect(() => write(plan)).toThrow(expect.objectContaining({ name: 'ScheduleError', type }));
    expect(() => write(plan)).toThrow(`${type} has no form in Keras`);
  });

  test('a bare function', () => {
    expect(() => write((step: number) => 1 / (step + 1))).toThrow(ScheduleError);
  });
});
