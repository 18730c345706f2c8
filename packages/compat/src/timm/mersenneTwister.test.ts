import { expect, test } from 'vitest';
import { MersenneTwister } from './mersenneTwister.ts';

function drawn(seed: number, count: number): readonly number[] {
  const generator = new MersenneTwister();
  generator.seed(seed);
  return Array.from({ length: count }, () => generator.next());
}

test('draws what the C++ standard asks of std::mt19937: the 10,000th number of the default seed', () => {
  expect(drawn(5489, 10_000)[9_999]).toBe(4_123_659_995);
});

test('begins as mt19937ar.c does', () => {
  expect(drawn(5489, 5)).toEqual([3_499_211_612, 581_869_302, 3_890_346_734, 3_586_334_585, 545_404_204]);
});

test('starts over when it is seeded again, and takes the low 32 bits of a seed', () => {
  const generator = new MersenneTwister();
  generator.seed(7);
  const first = [generator.next(), generator.next()];
  generator.seed(7);
  expect([generator.next(), generator.next()]).toEqual(first);
  expect(drawn(2 ** 32 + 7, 2)).toEqual(first);
});
