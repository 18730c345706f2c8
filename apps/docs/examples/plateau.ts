import { createScheduler, reduceOnPlateau, warmup, type Plan } from '@anneal/core';

const plan: Plan = {
  learningRate: {
    schedule: warmup({ warmupSteps: 4, schedule: 0.1 }),
    controllers: { plateau: { use: reduceOnPlateau({ patience: 1, reduceFactor: 0.5 }), from: 4 } },
  },
};

const scheduler = createScheduler(plan);
export const rates: number[] = [];
for (const loss of [9, 8, 7, 6, 5, 5, 5, 4, 4, 4]) {
  rates.push(scheduler.values().learningRate);
  // …one epoch of your own loop at that rate, here of a single update, then:
  scheduler.advance();
  scheduler.report({ loss });
}
