import {
  clamp,
  cosineDecay,
  cyclic,
  exponentialDecay,
  linear,
  oneCycle,
  reduceOnPlateau,
  ScheduleError,
  sequence,
  stepDecay,
  warmRestarts,
  warmup,
  type Plan,
  type Schedule,
} from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { read } from './read.ts';
import { write } from './write.ts';

const line = linear({ initValue: 0.1, decaySteps: 100 });
const plateauOf = (options: Parameters<typeof reduceOnPlateau>[0], schedule: Schedule | number = 0.1): Plan => ({
  learningRate: { schedule, controllers: { plateau: { use: reduceOnPlateau(options) } } },
});

test('a schedule is assigned to the name of the optimizer argument', () => {
  expect(write(stepDecay({ initValue: 0.1, dropSteps: 30 }))).toBe(
    'import paddle\n\nlearning_rate = paddle.optimizer.lr.StepDecay(learning_rate=0.1, step_size=30, gamma=0.1)\n',
  );
  expect(write(0.05)).toBe('import paddle\n\nlearning_rate = 0.05\n');
});

test('a scheduler inside LinearWarmup is written back inside it', () => {
  const inner = { name: 'StepDecay', args: { learning_rate: 0.5, step_size: 10, gamma: 0.5 } };
  const args = { learning_rate: inner, warmup_steps: 5, start_lr: 0, end_lr: 0.5 };
  expect(write(read({ name: 'LinearWarmup', args }))).toContain(
    'LinearWarmup(learning_rate=paddle.optimizer.lr.StepDecay(learning_rate=0.5, step_size=10, gamma=0.5), warmup_steps=5, start_lr=0.0, end_lr=0.5)',
  );
});

describe('what has no form in Paddle is refused by name:', () => {
  test.each<[string, Plan | Schedule, string]>([
    ['a type that it lacks', clamp({ schedule: line, minValue: 0.01 }), 'clamp'],
    ['a growing exponential', exponentialDecay({ initValue: 0.1, gamma: 1.1 }), 'exponentialDecay'],
    ['an option that it lacks', cosineDecay({ initValue: 0.1, decaySteps: 10, power: 2 }), 'cosineDecay'],
    ['a fraction of a step', cosineDecay({ initValue: 1, decaySteps: 2.5, pastEnd: 'continue' }), 'cosineDecay'],
    ['a cycle that is held', oneCycle({ peakValue: 0.1, totalSteps: 100 }), 'oneCycle'],
    ['restarts that get lower', warmRestarts({ initValue: 1, cycleSteps: 9, decayFactor: 0.5 }), 'warmRestarts'],
    ['smooth cycles', cyclic({ initValue: 0, peakValue: 1, upSteps: 5, shape: 'cosine' }), 'cyclic'],
    ['a warm-up from the peak', warmup({ warmupSteps: 3, startFactor: 1, schedule: line }), 'warmup'],
    ['a warm-up of another shape', warmup({ warmupSteps: 3, shape: 'log', schedule: line }), 'warmup'],
    ['another sequence', sequence({ schedules: [0.1, line], boundaries: [5] }), 'sequence'],
    ['another track', { learningRate: 0.1, momentum: 0.9 }, 'momentum'],
    ['a plateau over a schedule', plateauOf({ thresholdMode: 'absolute', firstIsBest: true }, line), 'reduceOnPlateau'],
    ['a best sought in the cooldown', plateauOf({ thresholdMode: 'absolute', cooldown: 2 }), 'reduceOnPlateau'],
    ['groups', { learningRate: 0.1, groups: { head: { learningRate: 1 } } }, 'groups'],
  ])('%s', (_, plan, type) => {
    expect(() => write(plan)).toThrow(expect.objectContaining({ name: 'ScheduleError', type }));
    expect(() => write(plan)).toThrow(`${type} has no form in Paddle`);
  });

  test('a bare function', () => {
    expect(() => write((step: number) => 1 / (step + 1))).toThrow(ScheduleError);
  });
});
