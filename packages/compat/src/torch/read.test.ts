import type { Schedule } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { read } from './read.ts';

const linear = { name: 'LinearLR', args: {} };

describe('refuses by name, with the place', () => {
  test.each([
    ['an unknown scheduler', { name: 'CosineLR', lr: 0.1 }, '/name', 'unknown scheduler "CosineLR"'],
    ['an unknown argument', { name: 'StepLR', args: { step_size: 3, drop: 2 }, lr: 0.1 }, '/args/drop', '"drop"'],
    ['a missing argument', { name: 'StepLR', lr: 0.1 }, '/args/step_size', 'step_size must be a number > 0'],
    [
      'a value out of range',
      { name: 'OneCycleLR', args: { max_lr: 1, total_steps: 9, pct_start: 2 }, lr: 1 },
      '/args/pct_start',
      'received 2',
    ],
    [
      'a run that does not start at its start',
      { name: 'ExponentialLR', args: { gamma: 0.9, last_epoch: 3 }, lr: 1 },
      '/args/last_epoch',
      'last_epoch',
    ],
    [
      'a function of which more than arithmetic is known',
      { name: 'LambdaLR', args: { lr_lambda: 'lambda epoch: f(epoch)' }, lr: 1 },
      '/args/lr_lambda',
      'one of min, max, abs, int, float, round, pow, those of math stands here, not "f" (line 1, column 15)',
    ],
    ['no learning rate', { name: 'ExponentialLR', args: { gamma: 0.9 } }, '/lr', 'lr must be a number >= 0'],
    [
      'an unknown key',
      { name: 'ExponentialLR', args: { gamma: 0.9 }, lr: 1, nesterov: true },
      '/nesterov',
      '"nesterov"',
    ],
    ['a description that is none', 'StepLR', '', 'must be an object'],
    [
      'a learning rate inside another scheduler',
      { name: 'ChainedScheduler', args: { schedulers: [{ ...linear, lr: 0.1 }] }, lr: 1 },
      '/args/schedulers/0/lr',
      '"lr"',
    ],
    [
      'a wrong argument deep inside',
      {
        name: 'SequentialLR',
        args: {
          schedulers: [linear, { name: 'ChainedScheduler', args: { schedulers: [{ name: 'StepLR', args: {} }] } }],
          milestones: [3],
        },
        lr: 1,
      },
      '/args/schedulers/1/args/schedulers/0/args/step_size',
      'StepLR',
    ],
    [
      'a plateau inside another scheduler',
      { name: 'ChainedScheduler', args: { schedulers: [{ name: 'ReduceLROnPlateau' }] }, lr: 1 },
      '/args/schedulers/0/name',
      'PyTorch refuses it',
    ],
    [
      'milestones that do not fit',
      { name: 'SequentialLR', args: { schedulers: [linear, linear], milestones: [] }, lr: 1 },
      '/args/milestones',
      'one fewer than the 2 schedulers',
    ],
  ])('%s', (_, description, path, words) => {
    const error = refusal(read, description);
    expect(error.path).toBe(path);
    expect(error.message).toContain(words);
  });
});

test("Python's None is what leaving the argument out is", () => {
  const args = { max_lr: 1, total_steps: null, epochs: 2, steps_per_epoch: 5 };
  const total = { max_lr: 1, total_steps: 10 };
  const at = (given: object): number =>
    (read({ name: 'OneCycleLR', args: given, lr: 0.1 }).learningRate as Schedule)(4);
  expect(at(args)).toBe(at(total));
});

test('a lambda may be spaced and named in any way', () => {
  const at = (text: string): number =>
    (read({ name: 'LambdaLR', args: { lr_lambda: text }, lr: 0.1 }).learningRate as Schedule)(3);
  expect(at('lambda e:0.95**e')).toBe(at('lambda  epoch :  0.95 ** epoch'));
  expect(at('lambda t: min(1.0, (t+1)/8)')).toBeCloseTo(0.05, 15);
});

test('a lambda that uses another variable than its own is refused', () => {
  expect(refusal(read, { name: 'LambdaLR', args: { lr_lambda: 'lambda epoch: 0.9 ** step' }, lr: 1 }).code).toBe(
    'function',
  );
});

test('a sequence of phases is read as core writes one, not as a recurrence', () => {
  const schedulers = [linear, { name: 'CosineAnnealingLR', args: { T_max: 10 } }];
  const plan = read({ name: 'SequentialLR', args: { schedulers, milestones: [5] }, lr: 0.1 });
  expect(JSON.stringify(plan.learningRate)).toBe(
    '{"type":"sequence","schedules":[{"type":"linear","initValue":0.03333333333333333,"endValue":0.1,"decaySteps":5},' +
      '{"type":"cosineDecay","initValue":0.1,"decaySteps":10,"pastEnd":"continue"}],"boundaries":[5]}',
  );
});
