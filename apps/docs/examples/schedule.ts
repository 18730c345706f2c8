import { cosineDecay, warmup } from '@anneal/core';

export const schedule = warmup({
  warmupSteps: 100,
  schedule: cosineDecay({ initValue: 0.1, decaySteps: 900 }),
});

export const values = [0, 50, 100, 550, 1000].map(schedule);
export const json = JSON.stringify(schedule);
