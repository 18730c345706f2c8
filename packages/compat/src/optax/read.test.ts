import { planToJSON } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { read } from './read.ts';

const cosine = { name: 'cosine_decay_schedule', args: { init_value: 0.1, decay_steps: 100 } };

describe('read', () => {
  test('takes the warm-up out of decay_steps, which counts it', () => {
    const args = { init_value: 0, peak_value: 0.1, warmup_steps: 10, decay_steps: 100 };
    expect(planToJSON(read({ name: 'warmup_cosine_decay_schedule', args })).learningRate).toMatchObject({
      type: 'warmup',
      warmupSteps: 10,
      startFactor: 0,
      schedule: { type: 'cosineDecay', decaySteps: 90 },
    });
  });

  test('reads boundaries_and_scales as the object that JSON makes of the dict, or as pairs', () => {
    const describe_ = (boundaries_and_scales: unknown): unknown =>
      planToJSON(read({ name: 'piecewise_constant_schedule', args: { init_value: 1, boundaries_and_scales } }));
    expect(describe_({ 20: 0.1, 5: 0.5 })).toEqual({
      learningRate: { type: 'multiStepDecay', initValue: 1, boundaries: [5, 20], factors: [0.5, 0.1] },
    });
    expect(describe_([[20, 0.1], [5, 0.5]])).toEqual(describe_({ 20: 0.1, 5: 0.5 })); // prettier-ignore
  });

  test('gives reduce_on_plateau the scale alone where no rate stands beside it', () => {
    expect(planToJSON(read({ name: 'reduce_on_plateau' })).learningRate).toMatchObject({ schedule: 1 });
  });
});

describe('read refuses', () => {
  const joined = (schedules: unknown, boundaries: unknown): unknown => ({
    name: 'join_schedules',
    args: { schedules, boundaries },
  });
  const scaled = (scales: unknown): unknown => ({
    name: 'piecewise_constant_schedule',
    args: { init_value: 1, boundaries_and_scales: scales },
  });

  test.each([
    ['an unknown name', { name: 'cosine_schedule', args: {} }, 'unknownType', '/name'],
    ['no name', { args: {} }, 'required', '/name'],
    ['an unknown key', { ...cosine, momentum: 0.9 }, 'unknownKey', '/momentum'],
    ['a rate beside a schedule', { ...cosine, lr: 0.1 }, 'unknownKey', '/lr'],
    ['an unknown argument', { ...cosine, args: { ...cosine.args, gamma: 1 } }, 'unknownKey', '/args/gamma'],
    ['a missing argument', { ...cosine, args: { decay_steps: 3 } }, 'required', '/args/init_value'],
    ['arguments in a list', { ...cosine, args: [0.1, 3] }, 'invalid', '/args'],
    [
      'an unknown argument inside join_schedules',
      joined([cosine, { ...cosine, args: { a: 1 } }], [5]),
      'unknownKey',
      '/args/schedules/1/args/a',
    ],
    ['a rate inside join_schedules', joined([cosine, { ...cosine, lr: 1 }], [5]), 'unknownKey', '/args/schedules/1/lr'],
    // optax would drop what has no partner
    ['a boundary too few', joined([cosine, cosine], []), 'contradiction', '/args/boundaries'],
    ['a boundary too many', joined([cosine], [5]), 'contradiction', '/args/boundaries'],
    ['a step that is no number', scaled({ ten: 0.1 }), 'invalid', '/args/boundaries_and_scales'],
    ['a pair of three', scaled([[1, 2, 3]]), 'invalid', '/args/boundaries_and_scales'],
    ['a negative rate', { name: 'reduce_on_plateau', lr: -1 }, 'invalid', '/lr'],
  ])('%s', (_, description, code, path) => {
    expect(refusal(read, description)).toMatchObject({ code, path });
  });

  test('with a sentence that names the function, the argument and what came', () => {
    expect(refusal(read, { ...cosine, args: { init_value: 0.1, decay_steps: 0 } }).message).toBe(
      'cosine_decay_schedule: decay_steps must be a number > 0; received 0',
    );
  });
});
