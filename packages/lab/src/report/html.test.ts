import { expect, test } from 'vitest';
import { html } from './html.ts';

test('a column of numbers stands to the right; one of texts, such as 33 steps, may wrap', () => {
  const page = html({
    title: 'runs',
    sections: [
      {
        kind: 'table',
        caption: '',
        head: ['backend', 'accuracy', 'loss', 'updates', 'ended'],
        rows: [
          ['tfjs-wasm', '90.3 %', '3.0e-7', '1,234', '33 steps'],
          ['tfjs-cpu', '9.3 %', '−0.5', 7, '66 steps'],
        ],
      },
    ],
    command: 'anneal train',
  });
  expect(
    [...page.matchAll(/<th( class="number")?>(\w+)/g)].map(([, number, name]) => [name, number !== undefined]),
  ).toEqual([
    ['backend', false],
    ['accuracy', true],
    ['loss', true],
    ['updates', true],
    ['ended', false],
  ]);
});
