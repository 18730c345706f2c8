import { expect, test } from 'vitest';
import { ChartError, checkFigure, describeFigure, type Figure } from '../src/index.ts';
import { figures } from './figures.ts';

const base = figures['rates']!;
const line = base.marks[0]!;
const words = { type: 'words', label: 'w', domain: ['a', 'b'] };

test.each(Object.entries(figures))('%s agrees with itself', (_, figure) => {
  expect(() => checkFigure(figure)).not.toThrow();
  // And is what JSON makes of it.
  expect(() => checkFigure(JSON.parse(JSON.stringify(figure)) as Figure)).not.toThrow();
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'a figure must be an object with title, x, y and marks'],
  ['no title', { ...base, title: '' }, 'title: must be a text; received ""'],
  ['no scale', { ...base, x: undefined }, 'x: a scale must be an object with label and unit'],
  [
    'an unknown scale',
    { ...base, y: { ...base.y, type: 'sqrt' } },
    'y/type: must be "linear", "log" or "words"; received "sqrt"',
  ],
  [
    'an unknown unit',
    { ...base, y: { ...base.y, unit: 'apples' } },
    'y/unit: must be one of step, epoch, rate, share, nats, return, seconds, bytes, number; received "apples"',
  ],
  [
    'ends the wrong way round',
    { ...base, y: { ...base.y, domain: [1, 0] } },
    'y/domain: must be two finite numbers, the smaller first; received [1, 0]',
  ],
  [
    '0 on a logarithmic scale',
    { ...base, y: { ...base.y, type: 'log', domain: [0, 1] } },
    'y/domain: must be two finite numbers > 0, the smaller first; received [0, 1]',
  ],
  ['no words', { ...base, y: { ...words, domain: [] } }, 'y/domain: a scale of words must list them'],
  [
    'a word twice',
    { ...base, y: { ...words, domain: ['a', 'a'] } },
    'y/domain: a scale of words must have each of them once',
  ],
  [
    'an unknown mark',
    { ...base, marks: [{ ...line, mark: 'pie' }] },
    'marks/0/mark: must be one of line, area, dot, interval, bar, rule; received "pie"',
  ],
  [
    'a mark without a name',
    { ...base, marks: [{ ...line, name: undefined }] },
    'marks/0/name: must be a text; received undefined',
  ],
  [
    'half a colour',
    { ...base, marks: [{ ...line, color: 0.5 }] },
    'marks/0/color: must be a whole number >= 0; received 0.5',
  ],
  [
    'a missing channel',
    { ...base, marks: [{ mark: 'line', name: 'l', x: [1] }] },
    'marks/0: a mark "line" must have x, y',
  ],
  [
    'channels of two lengths',
    { ...base, marks: [{ mark: 'line', name: 'l', x: [1], y: [1, 2] }] },
    'marks/0: its channels must be as long as each other; x has 1, y has 2',
  ],
  [
    'a text among numbers',
    { ...base, marks: [{ mark: 'line', name: 'l', x: [1], y: ['1'] }] },
    'marks/0/y/0: must be a number or null; received "1"',
  ],
  [
    'an unknown key',
    { ...base, marks: [{ ...line, colour: 1 }] },
    'marks/0: unknown key "colour" of a mark "line"; known: mark, name, color, x, y, style',
  ],
  [
    'a strange word',
    { ...base, y: words, marks: [{ mark: 'dot', name: 'd', x: [1], y: ['c'] }] },
    'marks/0/y/0: must be a word of its scale (a, b); received "c"',
  ],
  [
    'a rule along words',
    { ...base, y: words, marks: [{ mark: 'rule', name: 'r', y: 1 }] },
    'marks/0/y: must be a finite number along numbers; received 1',
  ],
  [
    'a rule both ways',
    { ...base, marks: [{ mark: 'rule', name: 'r', x: 1, y: 1 }] },
    'marks/0: a mark "rule" must have x or y, and not both',
  ],
  [
    'bars between numbers',
    { ...base, marks: [{ mark: 'bar', name: 'b', x: [1], y: [1] }] },
    'marks/0: a mark "bar" must stand at words of one direction, and reach to numbers of the other',
  ],
  [
    'a line along words',
    { ...base, x: words, marks: [{ mark: 'line', name: 'l', x: ['a'], y: [1] }] },
    'marks/0: a mark "line" must run along numbers in both directions',
  ],
])('%s is refused by its place', (_, figure, message) => {
  const error = (() => {
    try {
      checkFigure(figure as Figure);
    } catch (caught) {
      return caught;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(ChartError);
  expect(error).toMatchObject({ code: 'figure', message });
});

test('a description is what is drawn over what, and whose', () => {
  expect(describeFigure(base)).toBe(
    'The learning rate over a run: learning rate over step; warm-up and cosine, constant',
  );
  expect(describeFigure({ ...base, description: 'of one’s own' })).toBe('of one’s own');
});
