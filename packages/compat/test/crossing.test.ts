import { readdirSync } from 'node:fs';
import { ScheduleError, type Horizon, type Plan } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import * as composer from '../src/composer/index.ts';
import * as deepspeed from '../src/deepspeed/index.ts';
import * as fairseq from '../src/fairseq/index.ts';
import * as fastai from '../src/fastai/index.ts';
import * as ignite from '../src/ignite/index.ts';
import * as keras from '../src/keras/index.ts';
import * as mmengine from '../src/mmengine/index.ts';
import * as optax from '../src/optax/index.ts';
import * as paddle from '../src/paddle/index.ts';
import * as pytorch_warmup from '../src/pytorch_warmup/index.ts';
import * as timm from '../src/timm/index.ts';
import * as torch from '../src/torch/index.ts';
import * as transformers from '../src/transformers/index.ts';
import { readFixture } from './fixture.ts';

type Read = (description: unknown, horizon?: Horizon) => Plan;
const writers = { keras, optax, paddle, timm, torch, transformers };
const readers: Readonly<Record<string, { readonly read: Read }>> = {
  ...writers,
  composer,
  deepspeed,
  fairseq,
  fastai,
  ignite,
  mmengine,
  pytorch_warmup,
};

/** Every plan that a recorded description of any framework reads as. */
const plans = Object.entries(readers).flatMap(([framework, { read }]) =>
  readdirSync(new URL(`../fixtures/${framework}`, import.meta.url))
    .filter((file) => file !== 'written.json' && file !== 'directions.json')
    .flatMap((file) => readFixture(framework, file.replace('.json', '')).cases)
    .flatMap((one) => {
      try {
        return [read(one.description, one.horizon)];
      } catch (error) {
        if (error instanceof ScheduleError) return [];
        throw error;
      }
    }),
);

describe.each(Object.entries(writers))('a plan read from any framework, as Python for %s,', (_, { write }) => {
  test('is written or refused by name', () => {
    let texts = 0;
    for (const plan of plans) {
      try {
        expect(write(plan)).toMatch(/\n$/);
        texts += 1;
      } catch (error) {
        if (!(error instanceof ScheduleError)) throw error;
        expect(error.message).not.toMatch(/undefined|NaN|\[object/);
      }
    }
    expect(plans.length).toBeGreaterThan(1500);
    expect(texts).toBeGreaterThan(50);
  });

  test('is never written with a number that Python does not know', () => {
    for (const plan of plans) {
      try {
        expect(write(plan)).not.toMatch(/NaN|Infinity|undefined|null|\btrue\b|\bfalse\b/);
      } catch (error) {
        if (!(error instanceof ScheduleError)) throw error;
      }
    }
  });
});
