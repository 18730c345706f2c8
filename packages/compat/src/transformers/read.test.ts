import type { Schedule } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { read } from './read.ts';

describe('refuses by name, with the place', () => {
  test.each([
    [
      'an unknown type',
      { lr_scheduler_type: 'cosine_annealing', max_steps: 9 },
      '/lr_scheduler_type',
      'warmup_stable_decay',
    ],
    ['an unknown field', { max_steps: 9, warmup: 0.1 }, '/warmup', '"warmup"'],
    [
      'an unknown argument',
      { lr_scheduler_type: 'linear', max_steps: 9, lr_scheduler_kwargs: { num_cycles: 1 } },
      '/lr_scheduler_kwargs/num_cycles',
      '"num_cycles"',
    ],
    ['a run without a length', { lr_scheduler_type: 'cosine' }, '/max_steps', 'max_steps must be an integer >= 1'],
    [
      'a share of a run without a length',
      { lr_scheduler_type: 'inverse_sqrt', warmup_steps: 0.1 },
      '/max_steps',
      'max_steps',
    ],
    ['a negative rate', { learning_rate: -1, max_steps: 9 }, '/learning_rate', 'received -1'],
    [
      'two floors',
      { lr_scheduler_type: 'cosine_with_min_lr', max_steps: 9, lr_scheduler_kwargs: { min_lr: 0, min_lr_rate: 0 } },
      '/lr_scheduler_kwargs/min_lr_rate',
      'left out where min_lr is given',
    ],
    [
      'cycles of less than a step',
      { lr_scheduler_type: 'cosine_with_restarts', max_steps: 9, lr_scheduler_kwargs: { num_cycles: 10 } },
      '/lr_scheduler_kwargs/num_cycles',
      'a cycle needs one',
    ],
    ['a description that is none', null, '', 'must be an object'],
  ])('%s', (_, description, path, words) => {
    const error = refusal(read, description);
    expect(error.path).toBe(path);
    expect(error.message).toContain(words);
  });
});

test('is linear unless told otherwise, and takes the length of the run from the horizon', () => {
  const schedule = read({}, { totalSteps: 10 }).learningRate as Schedule;
  expect(schedule(0)).toBe(5e-5);
  expect(schedule(5)).toBeCloseTo(2.5e-5, 18);
  expect(schedule(10)).toBe(0);
});

test('a ratio is a share of the run, rounded up, where there are no steps of warm-up', () => {
  const run = { lr_scheduler_type: 'cosine', learning_rate: 5e-5, max_steps: 101 };
  const at = (more: object): string => JSON.stringify(read({ ...run, ...more }));
  expect(at({ warmup_ratio: 0.1 })).toBe(at({ warmup_steps: 11 }));
  expect(at({ warmup_ratio: 1 })).toBe(at({ warmup_steps: 101 }));
  expect(at({ warmup_ratio: 0.1, warmup_steps: 1 })).toBe(at({ warmup_steps: 1 }));
  expect(at({ warmup_ratio: 0 })).toBe(at({}));
  expect(() => read({ ...run, warmup_ratio: 1.1 })).toThrow('transformers: warmup_ratio must be a number in [0, 1]');
});
