import { describe, expect, test } from 'vitest';
import { cosineDecay, linear, warmup, type WarmupOptions } from '../index.ts';

const factors = (options: Omit<WarmupOptions, 'schedule'>, n: number): number[] => {
  const schedule = warmup({ ...options, schedule: 1 });
  return Array.from({ length: n }, (_, step) => schedule(step));
};

describe('the factors of the first updates', () => {
  test('linear gives update t (t+1)/(W+1): none is wasted, the peak comes once, at W', () => {
    expect(factors({ warmupSteps: 4 }, 6)).toEqual(
      [1 / 5, 2 / 5, 3 / 5, 4 / 5, 1, 1].map((f) => expect.closeTo(f, 15)),
    );
  });

  test('startFactor 0 is the habit of transformers and TensorFlow: t/W', () => {
    expect(factors({ warmupSteps: 4, startFactor: 0 }, 6)).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
  });

  test('reach last gives (t+1)/W', () => {
    expect(factors({ warmupSteps: 4, reach: 'last' }, 6)).toEqual(
      [0.25, 0.5, 0.75, 1, 1, 1].map((f) => expect.closeTo(f, 15)),
    );
    expect(factors({ warmupSteps: 1, reach: 'last' }, 2)).toEqual([1, 1]);
  });

  test.each([
    [{ shape: 'exponential', warmupSteps: 2 }, [0.01, 0.1, 1, 1]],
    [{ shape: 'constant', warmupSteps: 2 }, [0.1, 0.1, 1, 1]],
    [{ shape: 'cosine', warmupSteps: 4, startFactor: 0 }, [0, 0.14644660940672624, 0.5, 0.8535533905932737, 1]],
    [{ shape: 'power', power: 2, warmupSteps: 4, startFactor: 0 }, [0, 0.0625, 0.25, 0.5625, 1]],
    // DeepSpeed WarmupLR: ln(t+1)/ln W
    [{ shape: 'log', warmupSteps: 4, startFactor: 0, reach: 'last' }, [0, 0.5, Math.log(3) / Math.log(4), 1, 1]],
    [{ shape: 'log', warmupSteps: 3, startFactor: 0 }, [0, 0.5, Math.log(3) / Math.log(4), 1]],
  ] as const)('%o', (options, expected) => {
    expect(factors(options, expected.length)).toEqual(expected.map((f) => expect.closeTo(f, 15)));
  });

  test('W = 0 is the schedule itself, in either mode', () => {
    const schedule = cosineDecay({ initValue: 0.1, decaySteps: 10 });
    for (const mode of ['prefix', 'overlay'] as const) {
      const warmed = warmup({ warmupSteps: 0, schedule, mode });
      for (let step = 0; step <= 12; step += 1) expect(warmed(step)).toBe(schedule(step));
    }
  });
});

describe("the schedule's clock", () => {
  const schedule = linear({ initValue: 1, decaySteps: 10 });

  test('starts when a prefixed warm-up ends', () => {
    const warmed = warmup({ warmupSteps: 5, schedule });
    expect([4, 5, 6, 15].map(warmed)).toEqual([expect.closeTo(5 / 6, 15), 1, 0.9, 0]);
  });

  test('runs from the start under an overlay, which meets the schedule without a jump', () => {
    const warmed = warmup({ warmupSteps: 5, schedule, mode: 'overlay', startFactor: 0 });
    expect([0, 2.5, 5, 6, 10].map(warmed)).toEqual([0, 0.375, 0.5, 0.4, 0]);
  });
});
