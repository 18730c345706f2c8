import type { ScheduleError } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { read } from './read.ts';

const refused = (args: object, name = 'CosineLRScheduler'): ScheduleError => refusal(read, { name, args, lr: 0.1 });

describe('refuses by name, with the place', () => {
  test.each([
    ['an unknown argument', { t_initial: 9, t_mul: 2 }, '/args/t_mul', '"t_mul"'],
    ['a missing argument', {}, '/args/t_initial', 't_initial must be a number > 0'],
    ['cycles of no length', { t_initial: 9, cycle_mul: 0, cycle_limit: 2 }, '/args/cycle_mul', 'received 0'],
    [
      'a range of noise that is none',
      { t_initial: 9, noise_range_t: [3] },
      '/args/noise_range_t',
      'the first t with noise',
    ],
    ['a run that does not start at its start', { t_initial: 9, initialize: false }, '/args/initialize', 'initialize'],
  ])('%s', (_, args, path, words) => {
    const error = refused(args);
    expect(error.path).toBe(path);
    expect(error.message).toContain(words);
  });

  test('an unknown scheduler', () => {
    const error = refused({ t_initial: 9 }, 'CosineLR');
    expect(error.path).toBe('/name');
    expect(error.message).toContain('CosineLRScheduler');
  });

  test('a decay longer than the run', () => {
    expect(refused({ t_initial: 9, decay_t: 10 }, 'WSDLRScheduler').path).toBe('/args/decay_t');
  });

  test('noise so tight that a draw would not end', () => {
    expect(refused({ t_initial: 9, noise_range_t: 0, noise_pct: 1e-9 }).parameter).toBe('noise_pct');
  });
});
