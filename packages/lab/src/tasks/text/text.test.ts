import { expect, test } from 'vitest';
import { LabError } from '../../labError.ts';
import { mobyDick, numbered, vocabulary } from './book.ts';
import { length, textSource } from './textSource.ts';

test('characters are numbers: typography is made plain, what is not in the alphabet is one of its own', () => {
  expect([...numbered('\u2018a\u2019')]).toEqual([...numbered("'a'")]);
  expect([...numbered('a\n\t b')]).toEqual([...numbered('a b')]);
  expect([...numbered('a—b')]).toEqual([...numbered('a-b')]);
  expect([...numbered('é%')]).toEqual([vocabulary - 1, vocabulary - 1]);
  expect(numbered('')).toEqual(new Int32Array());
});

test('the book is there, in order, and hardly anything of it is out of the alphabet', async () => {
  const book = await mobyDick('text');
  const start = numbered('Call me Ishmael. Some years ago');
  const at = Array.from({ length: 40_000 }, (_, i) => i).find((i) =>
    start.every((number, k) => book[i + k] === number),
  );
  expect(at).toBeGreaterThan(0);
  expect(book.length).toBeGreaterThan(1_000_000);
  expect(book.filter((number) => number === vocabulary - 1).length / book.length).toBeLessThan(1e-3);
});

const source = (seed: number) =>
  textSource(
    Int32Array.from({ length: 5000 }, (_, i) => i),
    { seed, batchSize: 8 },
  );
const nobody = () => Promise.reject(new Error('nobody acts'));

test('an example is a window, its labels the characters that follow; windows follow from seed and step', async () => {
  const { inputs, labels } = await source(1).batch(3, nobody);
  expect(inputs!.dims).toEqual([8, length]);
  (inputs!.data as Int32Array).forEach((number, i) => expect(labels!.data[i]).toBe(number + 1));
  expect(await source(1).batch(3, nobody)).toEqual({ inputs, labels });
  expect(await source(2).batch(3, nobody)).not.toEqual({ inputs, labels });
  expect(await source(1).batch(4, nobody)).not.toEqual({ inputs, labels });
});

test('no character of validation or test is trained on', async () => {
  const given = source(1);
  let last = 0;
  for (let step = 0; step < 200; step += 1) {
    const { labels } = await given.batch(step, nobody);
    last = Math.max(last, ...(labels!.data as Int32Array));
  }
  expect(last).toBeLessThan(4500);
  for (const [split, from, to] of [
    ['validation', 4500, 4750],
    ['test', 4750, 5000],
  ] as const)
    for await (const { inputs, labels } of given.examples(split, nobody)) {
      expect(Math.min(...(inputs!.data as Int32Array))).toBeGreaterThanOrEqual(from);
      expect(Math.max(...(labels!.data as Int32Array))).toBeLessThan(to);
    }
});

test('a batch size that is none is refused', () => {
  expect(() => textSource(new Int32Array(1000), { seed: 1, batchSize: 0 })).toThrow(LabError);
});
