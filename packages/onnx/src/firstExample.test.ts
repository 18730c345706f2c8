import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dense, GraphBuilder, inspectModel, raiseOpset, readModel, relu, standardRules, writeModel } from './index.ts';

test("the README's first example does what it says", () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const body = example.replace(/^import [^;]*;/, '');
  const names = { dense, GraphBuilder, inspectModel, raiseOpset, readModel, relu, standardRules, writeModel };
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, typescript/no-unsafe-call -- the README's text, word for word
  const report: unknown = new Function(...Object.keys(names), `${body}\nreturn report`)(...Object.values(names));
  expect(report).toMatchObject({
    withoutRule: [],
    parameters: [{ name: 'fc1.weight', size: 8 }, { name: 'fc1.bias' }, { name: 'fc2.weight' }, { name: 'fc2.bias' }],
  });
});
