import {
  cosineDecay,
  cyclic,
  exponentialDecay,
  interpolate,
  linear,
  multiStepDecay,
  polynomialDecay,
  reduceOnPlateau,
  ScheduleError,
  stepDecay,
  warmup,
  type Plan,
  type Schedule,
} from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from './read.ts';
import { write } from './write.ts';

const line = linear({ initValue: 0.1, decaySteps: 100 });
const plateauOf = (options: Parameters<typeof reduceOnPlateau>[0]): Plan => ({
  learningRate: { schedule: line, controllers: { plateau: { use: reduceOnPlateau(options) } } },
});

test('every track is assigned to the name of the optimizer argument', () => {
  const plan = { learningRate: line, momentum: 0.9, weightDecay: exponentialDecay({ initValue: 1e-4, gamma: 0.9 }) };
  expect(write(plan)).toBe(
    [
      'import optax',
      '',
      'learning_rate = optax.linear_schedule(init_value=0.1, end_value=0.0, transition_steps=100)',
      'momentum = optax.constant_schedule(value=0.9)',
      'weight_decay = optax.exponential_decay(init_value=0.0001, transition_steps=1, decay_rate=0.9)',
      '',
    ].join('\n'),
  );
});

test("optax's own compositions are written as such", () => {
  const args = { init_value: 0.01, peak_value: 0.1, warmup_steps: 10, decay_steps: 100, end_value: 0.001 };
  expect(write(read({ name: 'warmup_cosine_decay_schedule', args }))).toContain(
    'optax.warmup_cosine_decay_schedule(init_value=0.01, peak_value=0.1, warmup_steps=10, decay_steps=100, end_value=0.001)',
  );
  const decay = {
    init_value: 1,
    transition_steps: 9,
    decay_rate: 0.5,
    transition_begin: 4,
    staircase: true,
    end_value: 0.1,
  };
  expect(write(read({ name: 'exponential_decay', args: decay }))).toContain(
    'optax.exponential_decay(init_value=1.0, transition_steps=9, decay_rate=0.5, transition_begin=4, staircase=True, end_value=0.1)',
  );
});

test('a relative threshold says where it is the same', () => {
  expect(write(plateauOf({ patience: 2 }))).toContain('# optax takes rtol of the signed best');
  expect(write(plateauOf({ patience: 2, thresholdMode: 'signedRelative' }))).not.toContain('#');
});

describe('what has no form in optax is refused by name:', () => {
  test.each<[string, Plan | Schedule, string]>([
    ['a type that it lacks', cyclic({ initValue: 0.01, peakValue: 0.1, upSteps: 5 }), 'cyclic'],
    ['an option that it lacks', polynomialDecay({ initValue: 1, decaySteps: 9, kDecay: 2 }), 'polynomialDecay'],
    ['a floor over a peak of 0', cosineDecay({ initValue: 0, endValue: 0.1, decaySteps: 10 }), 'cosineDecay'],
    ['a drop to 0', stepDecay({ initValue: 0.1, dropFactor: 0, dropSteps: 5 }), 'stepDecay'],
    ['a warm-up of another shape', warmup({ warmupSteps: 3, shape: 'cosine', schedule: line }), 'warmup'],
    ['an overlaid warm-up', warmup({ warmupSteps: 3, mode: 'overlay', schedule: line }), 'warmup'],
    ['a geometric way', interpolate({ knots: [0, 5], values: [1, 2], shape: 'exponential' }), 'interpolate'],
    [
      'a change after half a step',
      multiStepDecay({ initValue: 1, boundaries: [2.5], change: 'after' }),
      'multiStepDecay',
    ],
    ['a metric that should rise', plateauOf({ mode: 'max' }), 'reduceOnPlateau'],
    ['a floor on the value', plateauOf({ minValue: 0.01 }), 'reduceOnPlateau'],
    ['no threshold at all', plateauOf({ threshold: 0 }), 'reduceOnPlateau'],
    ['a controller of the momentum', { learningRate: 0.1, momentum: plateauOf({}).learningRate }, 'reduceOnPlateau'],
    ['groups', { learningRate: 0.1, groups: { head: { learningRate: 1 } } }, 'groups'],
  ])('%s', (_, plan, type) => {
    expect(() => write(plan)).toThrow(expect.objectContaining({ name: 'ScheduleError', type }));
    expect(() => write(plan)).toThrow(`${type} has no form in optax`);
  });

  test('a bare function', () => {
    expect(() => write((step: number) => 1 / (step + 1))).toThrow(ScheduleError);
  });
});
