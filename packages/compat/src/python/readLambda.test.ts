import { readFileSync } from 'node:fs';
import { assert, constantFrom, array, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiled } from './compiled.ts';
import { PythonError } from './pythonError.ts';
import { readLambda } from './readLambda.ts';

interface Recorded {
  readonly arguments: readonly number[];
  readonly cases: readonly { readonly lambda: string; readonly values: readonly (number | null)[] }[];
}

test('has the values that Python has, and none where Python raises', () => {
  const url = new URL('../../fixtures/accepted/lambdas.json', import.meta.url);
  const recorded = JSON.parse(readFileSync(url, 'utf8')) as Recorded;
  let compared = 0;
  for (const { lambda, values } of recorded.cases) {
    const of = compiled(readLambda(lambda));
    values.forEach((theirs, i) => {
      const ours = of(recorded.arguments[i]!);
      const at = `${lambda} at ${recorded.arguments[i]}: ${ours}, Python ${theirs}`;
      // null also stands for what is no finite double
      if (theirs === null) expect(Number.isFinite(ours), at).toBe(false);
      else expect(Math.abs(ours - theirs) <= 1e-13 * Math.abs(theirs), at).toBe(true);
      compared += 1;
    });
  }
  expect(compared).toBeGreaterThan(8000);
});

describe('says where it does not understand', () => {
  test.each([
    ['x: 1', 1, 1, '"lambda" stands here, not "x"'],
    ['lambda x: y', 1, 11, 'a number, x or math.pi stands here, not "y"'],
    ['lambda x:\n  open(1)', 2, 3, 'one of min, max'],
    ['lambda x: x.real', 1, 11, 'not "x.real"'],
    ['lambda x: (x', 1, 13, '")" stands here, not the end'],
    ['lambda x: x x', 1, 13, 'the text goes on, not "x"'],
    ['lambda x: 1 < x < 3', 1, 17, 'one comparison at a time'],
    ['lambda x: min(x)', 1, 11, 'min takes 2 or more arguments'],
    ['lambda x: "1"', 1, 11, 'no word of Python'],
    ['lambda x: 1e999', 1, 11, 'a finite number stands here'],
    ['lambda math.pi: 1', 1, 8, 'the name of the one argument stands here'],
    [`lambda x: ${'('.repeat(100)}`, 1, 75, 'nested deeper than 64'],
    [`lambda x: ${'-'.repeat(100)}1`, 1, 75, 'nested deeper than 64'],
    [`lambda x: ${'1+'.repeat(1000)}1`, 1, 2001, 'a text of more than 2000 characters'],
  ])('%s', (text, line, column, words) => {
    let error: unknown;
    try {
      readLambda(text);
    } catch (raised) {
      error = raised;
    }
    expect(error).toBeInstanceOf(PythonError);
    expect(error).toMatchObject({ line, column });
    expect((error as PythonError).message).toContain(words);
  });
});

test('any text is read or refused with a place', () => {
  const words = constantFrom(
    'lambda',
    'x',
    ':',
    '(',
    ')',
    '+',
    '-',
    '**',
    '//',
    '%',
    'if',
    'else',
    'not',
    'and',
    ',',
    '1',
    '.5',
    'min',
    'math.cos',
    '\n',
    '<',
    '"',
    '__proto__',
    'constructor',
    '[',
  );
  let read = 0;
  assert(
    property(array(words, { maxLength: 14 }), (tokens) => {
      try {
        compiled(readLambda(`lambda x: ${tokens.join(' ')}`))(3);
        read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(PythonError);
      }
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(50);
});
