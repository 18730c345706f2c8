import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workarounds } from '../soak/traps.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

// The soak removes each workaround; here it is only seen to be where the soak will look for it.
test.each(Object.entries(workarounds))('the soak finds "%s" in the source', (_, { file, find, test: [testFile] }) => {
  expect(read(file).split(find)).toHaveLength(2);
  expect(read(testFile)).toMatch(/^ *test/m);
});
