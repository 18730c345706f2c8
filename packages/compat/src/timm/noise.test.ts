import { expect, test } from 'vitest';
import { timmNoise } from './noise.ts';

test('is a pure function of the step: any order of asking gives the same values', () => {
  const noise = timmNoise({ schedule: 0.1 });
  const forwards = Array.from({ length: 50 }, (_, t) => noise(t));
  const backwards = Array.from({ length: 50 }, (_, t) => noise(49 - t)).toReversed();
  expect(backwards).toEqual(forwards);
});

test('stays within its limit, and is off outside its range', () => {
  const noise = timmNoise({ schedule: 1, fromSteps: 10, untilSteps: 1000, limitFactor: 0.3 });
  const inside = Array.from({ length: 990 }, (_, t) => noise(10 + t));
  expect(inside.every((value) => Math.abs(value - 1) < 0.3)).toBe(true);
  expect(new Set(inside).size).toBeGreaterThan(980);
  expect([noise(9), noise(1000)]).toEqual([1, 1]);
});

test('is one distribution or the other, and moves with its seed', () => {
  const at = (options: object): readonly number[] => {
    const noise = timmNoise({ schedule: 1, ...options });
    return [noise(0), noise(1), noise(2)];
  };
  const usual = at({});
  for (const other of [{ seed: 1 }, { shape: 'uniform' }, { deviationFactor: 0.5 }, { limitFactor: 0.01 }])
    expect(at(other)).not.toEqual(usual);
});
