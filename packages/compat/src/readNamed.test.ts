import { planToJSON, ScheduleError } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { refusal } from '../test/refusal.ts';
import { read as readComposer } from './composer/index.ts';
import { read as readDeepspeed } from './deepspeed/index.ts';
import { read as readFairseq } from './fairseq/index.ts';
import { read as readFastai } from './fastai/index.ts';
import { read as readIgnite } from './ignite/index.ts';
import { read as readMmengine } from './mmengine/index.ts';
import { read as readPaddle } from './paddle/index.ts';
import { read as readWarmup } from './pytorch_warmup/index.ts';

const readers = {
  composer: [readComposer, 'StepScheduler'],
  deepspeed: [readDeepspeed, 'WarmupLR'],
  fairseq: [readFairseq, 'step'],
  fastai: [readFastai, 'lr_find'],
  ignite: [readIgnite, 'PiecewiseLinear'],
  mmengine: [readMmengine, 'StepLR'],
  paddle: [readPaddle, 'StepDecay'],
  pytorch_warmup: [readWarmup, 'RAdamWarmup'],
} as const;

describe.each(Object.entries(readers))('read of %s', (framework, [read, name]) => {
  test('refuses what is no description', () => {
    for (const description of [null, [], 'x', 5, { name: 5 }, {}])
      expect(() => read(description)).toThrow(ScheduleError);
  });

  test('refuses an unknown name and lists the known ones', () => {
    const error = refusal(read, { name: 'CosineDecayWithFriends', args: {} });
    expect(error).toMatchObject({ code: 'unknownType', path: '/name' });
    expect(error.message).toContain(framework);
    expect(error.message).toContain(name);
  });

  test('refuses an unknown key and an unknown argument by name', () => {
    const lr = ['composer', 'fairseq', 'mmengine', 'deepspeed', 'pytorch_warmup'].includes(framework)
      ? { lr: 0.1 }
      : {};
    expect(refusal(read, { name, args: {}, momentum: 0.9, ...lr })).toMatchObject({
      code: 'unknownKey',
      path: '/momentum',
    });
    expect(refusal(read, { name, args: { friends: 1 }, ...lr })).toMatchObject({
      code: 'unknownKey',
      path: '/args/friends',
    });
  });
});

test('a rate that a scheduler multiplies is asked for by name', () => {
  const sentence = "StepLR: lr must be a number >= 0, the optimizer's rate; received undefined";
  expect(refusal(readMmengine, { name: 'StepLR', args: { step_size: 5 } }).message).toBe(sentence);
  expect(refusal(readFairseq, { name: 'fixed', args: {}, lr: -1 })).toMatchObject({ code: 'invalid', path: '/lr' });
  expect(refusal(readDeepspeed, { type: 'WarmupCosineLR', params: { total_num_steps: 9 } })).toMatchObject({
    path: '/lr',
  });
});

test("DeepSpeed's own configuration is read as it stands", () => {
  const params = { warmup_max_lr: 0.001, warmup_num_steps: 100 };
  const own = planToJSON(readDeepspeed({ type: 'WarmupLR', params }));
  expect(own).toEqual(planToJSON(readDeepspeed({ name: 'WarmupLR', args: params })));
});

test('a method that counts epochs asks for their length', () => {
  const description = { name: 'fit_flat_cos', args: { n_epoch: 2, lr: 0.1 } };
  expect(refusal(readFastai, description)).toMatchObject({ code: 'horizon', path: '/args' });
  const sgd = { name: 'fit_one_cycle', args: { n_epoch: 2, lr_max: 0.1 }, optimizer: 'sgd' };
  expect(Object.keys(readFastai(sgd, { stepsPerEpoch: 5 }))).toEqual(['learningRate', 'momentum']);
});

test('a scheduler inside another is refused with its path', () => {
  const inner = { name: 'StepDecay', args: { learning_rate: 0.1 } };
  const warm = { name: 'LinearWarmup', args: { learning_rate: inner, warmup_steps: 5, start_lr: 0, end_lr: 0.1 } };
  expect(refusal(readPaddle, warm)).toMatchObject({ code: 'required', path: '/args/learning_rate/args/step_size' });
  const concat = { name: 'ConcatScheduler', args: { schedulers: [{ name: 'X' }, inner], durations: [5] } };
  expect(refusal(readIgnite, concat)).toMatchObject({ code: 'unknownType', path: '/args/schedulers/0/name' });
});
