import { readdirSync, readFileSync } from 'node:fs';
import * as core from '@anneal/core';
import { describe, expect, test } from 'vitest';

const source = new URL('../src/', import.meta.url);

interface Example {
  readonly file: string;
  readonly code: string;
  /** What stands in a comment behind the code: its value, as JSON. */
  readonly value: string | undefined;
  /** The lines of comment after the code: what a written text reads. */
  readonly shown: readonly string[];
}

const examples = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .flatMap((file): readonly Example[] => {
    const text = readFileSync(new URL(file, source), 'utf8');
    return [...text.matchAll(/@example\n((?: \*(?: .*)?\n)+?) (?:\*\/|\* @)/g)].map(([, block]) => {
      const lines = block!
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^ \* ?/, ''));
      const shown = lines.filter((line) => line.startsWith('//')).map((line) => line.replace(/^\/\/ ?/, ''));
      const [code, value] = lines
        .filter((line) => !line.startsWith('//'))
        .join('\n')
        .split(' // ');
      return { file, code: code!, value, shown };
    });
  });

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(9);
});

describe.each(examples)('the example in $file', ({ file, code, value, shown }) => {
  test('runs, and writes what it shows', async () => {
    const own = (await import(new URL(file.replace(/[^/\\]*$/, 'index.ts'), source).href)) as object;
    const names = { ...core, ...own };
    // The code stands in our own docstrings.
    // oxlint-disable-next-line typescript/no-implied-eval
    const run = new Function(...Object.keys(names), `return (${code.replace(/;$/, '')});`) as (
      ...args: unknown[]
    ) => unknown;
    const result = run(...Object.values(names));
    expect(result).toBeDefined();
    expect(value === undefined ? result : JSON.parse(value)).toEqual(result);
    expect(shown.length > 0 ? (result as string).trimEnd().split('\n') : []).toEqual(shown);
  });
});
