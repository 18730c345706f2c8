import { parsePlan, createScheduler } from '@anneal/core';

const file = `{
  "learningRate": {
    "type": "warmup",
    "warmupSteps": "10%",
    "schedule": { "type": "cosineDecay", "initValue": 0.1, "decaySteps": "90%" }
  },
  "momentum": 0.9
}`;

const plan = parsePlan(JSON.parse(file), { totalSteps: 1000 });
const scheduler = createScheduler(plan);

export const first = scheduler.values();
scheduler.advance(100);
export const atPeak = scheduler.values();
