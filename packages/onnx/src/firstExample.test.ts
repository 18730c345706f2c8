import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as onnx from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [first = '', tuning = ''] = Array.from(readme.matchAll(/```js\n([\s\S]*?)```/g), ([, text = '']) =>
  text.replace(/^import [^;]*;/, ''),
);

/** Runs the README's text, word for word, and returns what it calls `result`. */
const run = (text: string, result: string): unknown => {
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, typescript/no-unsafe-call -- the README's text
  const value: unknown = new Function(...Object.keys(onnx), `${text}\nreturn ${result}`)(...Object.values(onnx));
  return value;
};

test("the README's first example does what it says", () => {
  expect(run(first, 'report')).toMatchObject({
    withoutRule: [],
    parameters: [{ name: 'fc1.weight', size: 8 }, { name: 'fc1.bias' }, { name: 'fc2.weight' }, { name: 'fc2.bias' }],
  });
});

test('its example of fine-tuning goes on from there', () => {
  expect(run(first + tuning, 'groups')).toEqual({
    layer1: ['fc1.weight', 'fc1.bias'],
    head: ['head.weight', 'head.bias'],
  });
  expect(run(first + tuning, 'tuned')).toMatchObject({ graph: { outputs: [{ name: 'scores' }] } });
});
