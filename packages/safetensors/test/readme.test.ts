import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runExample } from '../../../scripts/generate/runExample.ts';
import { layouts } from '../src/elementType.ts';
import * as safetensors from '../src/index.ts';
import { recorded } from './library.ts';

const byText = (a: string, b: string): number => a.localeCompare(b);

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README states what its code does', () => {
  const [, code] = /^```ts\n([^]*?)^```/m.exec(readme)!;
  const checks = runExample(code!, safetensors);
  expect(checks.length).toBe(2);
  for (const { actual, stated } of checks) expect(actual).toEqual(stated);
});

test('the README lists every type, and counts the headers as recorded', () => {
  const [, table] = /\| dtype[^]*?\n((?:\|.*\n)+)/.exec(readme)!;
  const listed = table!
    .trim()
    .split('\n')
    .flatMap((row) => [...row.split('|')[1]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
  expect(listed.toSorted(byText)).toEqual(Object.keys(layouts).toSorted(byText));
  expect(readme).toContain(`On ${recorded.verdicts.length} recorded headers`);
});
