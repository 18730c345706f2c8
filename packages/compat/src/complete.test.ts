import { cosineDecay, reduceOnPlateau, warmup } from '@anneal/core';
import { expect, test } from 'vitest';
import { complete } from './complete.ts';

test('what a spec leaves out is filled in from the definition', () => {
  expect(complete(cosineDecay({ initValue: 0.1, decaySteps: 10 }).spec)).toMatchObject({
    type: 'cosineDecay',
    initValue: 0.1,
    endValue: 0,
    decaySteps: 10,
    power: 1,
    pastEnd: 'hold',
  });
  expect(complete(reduceOnPlateau({ patience: 3 }).spec)).toMatchObject({
    patience: 3,
    reduceFactor: 0.1,
    cooldown: 0,
  });
});

test('a default that depends on other options is worked out', () => {
  expect(complete(warmup({ warmupSteps: 4, schedule: 0.1 }).spec).startFactor).toBe(0.2);
  expect(complete(warmup({ warmupSteps: 4, schedule: 0.1, shape: 'constant' }).spec).startFactor).toBe(0.1);
});
