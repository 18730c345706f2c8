import { readFileSync } from 'node:fs';
import * as core from '@anneal/core';
import { expect, test } from 'vitest';
import { readDocs } from '../../../scripts/generate/readDocs.ts';
import { runExample } from '../../../scripts/generate/runExample.ts';
import * as foresight from '../src/index.ts';

const index = new URL('../src/index.ts', import.meta.url).pathname;
const scope = { ...core, ...foresight };
const examples = readDocs([index])
  .get(index)!
  .filter(({ name }) => name in foresight)
  .map(({ name, docs }) => [name, docs.tags['example']?.join('\n') ?? ''] as const);

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const first = /```ts\n[\s\S]*?```/.exec(readme)![0];

test.each([...examples, ['README', first] as const])(
  'the example of %s gives the values that it states',
  (_, example) => {
    const checks = runExample(example, scope);
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.map(({ actual }) => actual)).toEqual(checks.map(({ stated }) => stated));
  },
);
