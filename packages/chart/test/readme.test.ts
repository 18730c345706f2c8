import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runExample } from '../../../scripts/generate/runExample.ts';
import * as chart from '../src/index.ts';
import * as plot from '../src/plot/index.ts';
import * as svg from '../src/svg/index.ts';
import * as terminal from '../src/terminal/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the README states what its code does', () => {
  const [, code] = /^```ts\n([^]*?)^```/m.exec(readme)!;
  const checks = runExample(code!, chart);
  expect(checks).toHaveLength(2);
  for (const { actual, stated } of checks) expect(actual).toEqual(stated);
});

test.each(Object.entries({ '': chart, '/plot': plot, '/svg': svg, '/terminal': terminal }))(
  'the README names what @anneal/chart%s holds',
  (room, module) => {
    const [, row] = new RegExp(`^\\| \`@anneal/chart${room}\` .*?\\| (.*?) \\|`, 'm').exec(readme)!;
    const listed = [...row!.matchAll(/`(\w+)/g)].map(([, name]) => name!).filter((name) => name !== 'colors');
    const held = Object.keys(module).filter((name) => /^[a-z]/.test(name));
    const byText = (a: string, b: string): number => a.localeCompare(b);
    expect(listed.toSorted(byText)).toEqual(held.toSorted(byText));
  },
);
