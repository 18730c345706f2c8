import { expect, test } from 'vitest';
import { annealed, annealShapes } from './annealShape.ts';

test.each(annealShapes)('%s is exact at both ends and monotone between, down and up', (shape) => {
  for (const [start, end] of [
    [0.3, 0.1],
    [1e-7, 10],
  ] as const) {
    expect(annealed(shape, start, end, 0)).toBe(start);
    expect(annealed(shape, start, end, 1)).toBe(end);
    let before: number = start;
    for (let x = 0.01; x < 1; x += 0.01) {
      const value = annealed(shape, start, end, x);
      expect(Math.sign(value - before)).toBe(Math.sign(end - start));
      before = value;
    }
  }
});

test.each([
  ['linear', 0.75],
  ['cosine', 0.8535533905932737], // ½(1+cos π/4)
  ['exponential', 0.1 ** 0.25], // 1 → 0.1
  ['oneMinusSqrt', 0.5],
  ['oneMinusSquare', 0.9375],
] as const)('%s at a quarter of the way from 1 to 0 (0.1)', (shape, value) => {
  expect(annealed(shape, 1, shape === 'exponential' ? 0.1 : 0, 0.25)).toBeCloseTo(value, 15);
});

test('an exponential way from 0 does not exist: 0 is kept until the end', () => {
  expect(annealed('exponential', 0, 1, 0.5)).toBe(0);
  expect(annealed('exponential', 0, 1, 1)).toBe(1);
});
